"""Completion indexes in text form, as the API server checks them (`1,3-5,7`).

After pkg/apis/batch/validation, validateIndexesFormat and parseIndexInterval.
"""

from __future__ import annotations

import json
import re

__all__ = ["IndexesError", "first_overlap", "read_intervals"]

Interval = tuple[int, int]


class IndexesError(ValueError):
    """The text is no list of rising intervals below the number of completions."""


def read_intervals(text: str, completions: int) -> list[Interval]:
    """Return the intervals, each with its last index.

    Raises:
        IndexesError: in the API server's words.
    """
    intervals: list[Interval] = []
    for part in text.split(",") if text else []:
        first, last = _interval(part, completions)
        if intervals and intervals[-1][1] >= first:
            raise _falling(intervals[-1][1], first)
        intervals.append((first, last))
    return intervals


def first_overlap(text: str, other: str, completions: int) -> int | None:
    """Return an index that is in both texts, as far as they can be read."""
    left, right = _readable(text, completions), _readable(other, completions)
    return next(
        (max(a[0], b[0]) for a in left for b in right if a[0] <= b[1] and b[0] <= a[1]), None
    )


def _readable(text: str, completions: int) -> list[Interval]:
    found = []
    for part in text.split(",") if text else []:
        try:
            found.append(_interval(part, completions))
        except IndexesError:
            continue
    return found


def _interval(part: str, completions: int) -> Interval:
    limits = part.split("-")
    if len(limits) > 2:
        raise IndexesError(
            f"the fragment {json.dumps(part)} violates the requirement that an index interval can "
            "have at most two parts separated by '-'"
        )
    numbers = [_index(limit, completions) for limit in limits]
    if len(numbers) == 2 and numbers[0] >= numbers[1]:
        raise _falling(*numbers)
    return numbers[0], numbers[-1]


def _index(text: str, completions: int) -> int:
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise IndexesError(f"cannot convert string to integer for index: {json.dumps(text)}")
    if int(text) >= completions:
        raise IndexesError(f"too large index: {json.dumps(text)}")
    return int(text)


def _falling(previous: int, current: int) -> IndexesError:
    return IndexesError(f"non-increasing order, previous: {previous}, current: {current}")
