"""Completion indexes, written as Job statuses write them: `1,3-5,7`."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["format_indexes", "parse_indexes"]


def format_indexes(indexes: Iterable[int]) -> str:
    """Write indexes as intervals; two neighbours are listed, three or more are joined.

    >>> format_indexes([1, 3, 4, 5, 7, 8])
    '1,3-5,7,8'
    """
    parts: list[str] = []
    run: list[int] = []
    for index in sorted(set(indexes)):
        if run and index != run[-1] + 1:
            parts.append(_interval(run))
            run = []
        run.append(index)
    return ",".join([*parts, _interval(run)] if run else parts)


def parse_indexes(text: str, completions: int) -> set[int]:
    """Read intervals; indexes from `completions` on are left out.

    >>> sorted(parse_indexes("1,3-5,7", 5))
    [1, 3, 4]
    """
    indexes: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        indexes.update(range(int(first), min(int(last or first), completions - 1) + 1))
    return indexes


def _interval(run: list[int]) -> str:
    if len(run) > 2:
        return f"{run[0]}-{run[-1]}"
    return ",".join(map(str, run))
