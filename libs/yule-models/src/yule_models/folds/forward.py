"""Forward validation: each block of time is validated by a model of strictly earlier rows."""

from __future__ import annotations

import bisect
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from yule_models.folds.errors import FoldError
from yule_models.folds.rows import LabelledRows

__all__ = ["day_of", "forward_blocks", "times_after"]

_MICROSECONDS = 1_000_000


def times_after(rows: LabelledRows, seconds: int) -> npt.NDArray[np.int64]:
    """Return the time so long after each row's `as_of`, in microseconds since 1970."""
    return rows.as_of + seconds * _MICROSECONDS


def forward_blocks(rows: LabelledRows, *, folds: int, gap_s: int) -> list[int]:
    """Choose the times at which the folds' validation blocks start.

    A block can be validated if the rows that a gap parts from its start hold two classes, or two
    numbers, of every target. Where no more periods than `folds` can be, each is a fold of its own.
    Otherwise the first `1 / (folds + 1)` of the rows (or more, until the gap is over) are only
    trained on, and the rest is cut into blocks of about equal numbers of rows.

    Args:
        rows: The labelled rows.
        folds: The most folds wanted.
        gap_s: Seconds between the last row that is learned from and a block, at least; labels are
            settled by then.

    Returns:
        The start of each block in microseconds since 1970, ascending, at least one.

    Raises:
        FoldError: If no block can be validated.
    """
    periods, sizes = np.unique(rows.as_of, return_counts=True)
    ends = times_after(rows, gap_s)

    def is_trainable(period: int) -> bool:
        start = periods[period]
        return rows.single_class_target((ends <= start) & (rows.as_of < start)) is None

    # Later starts only add training rows, so that the claim flips once.
    first = bisect.bisect_left(range(len(periods)), True, key=is_trainable)
    if first == len(periods):
        raise _nothing_to_validate(rows, periods, gap_s)
    if len(periods) - first > folds:
        before = np.cumsum(sizes) - sizes
        wanted = int(np.searchsorted(before, len(rows) / (folds + 1)))
        first = max(first, min(wanted, len(periods) - folds))
    starts = _equal_cuts(sizes[first:], folds)
    return [int(periods[first + start]) for start in starts]


def _equal_cuts(sizes: npt.NDArray[np.int64], blocks: int) -> list[int]:
    """Return the first positions of at most `blocks` contiguous blocks of about equal sums."""
    if len(sizes) <= blocks:
        return list(range(len(sizes)))
    reached = np.cumsum(sizes)
    starts = [0]
    for block in range(1, blocks):
        ideal = int(np.searchsorted(reached, reached[-1] * block / blocks)) + 1
        starts.append(min(max(ideal, starts[-1] + 1), len(sizes) - (blocks - block)))
    return starts


def _nothing_to_validate(
    rows: LabelledRows, periods: npt.NDArray[np.int64], gap_s: int
) -> FoldError:
    last = int(periods[-1])
    trained = (times_after(rows, gap_s) <= last) & (rows.as_of < last)
    target = rows.single_class_target(trained)
    needed = rows.needs(target) if target else "what a model needs"
    return FoldError(
        f"No period can be validated forward in time: before the last of {len(periods)} as_of "
        f"values ({day_of(last)}), only {np.count_nonzero(trained)} rows are at least "
        f"{gap_s / 86400:g} days old, as the labels' horizon or the validation's gap asks, and "
        f"they do not hold {needed}. Add earlier labelled rows, shorten the horizon or the gap, or "
        "choose the scheme grouped."
    )


def day_of(microseconds: int) -> str:
    """Return the date, in UTC, of a time in microseconds since 1970."""
    return datetime.fromtimestamp(microseconds / _MICROSECONDS, tz=UTC).date().isoformat()
