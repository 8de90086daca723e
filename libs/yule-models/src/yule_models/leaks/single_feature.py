"""How much one feature tells of a target, alone, on rows that it was not learned from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from yule_models.bins import MOST_BINS
from yule_models.folds import FoldSplit
from yule_models.leaks.concordance import concordance
from yule_models.leaks.outcomes import Outcomes

__all__ = ["fold_scores"]

Counts = npt.NDArray[np.int64] | npt.NDArray[np.float64]
_PRIOR_ROWS = 20.0
"""Rows with the mean outcome that each bin is given: a bin of few rows says little."""


def fold_scores(
    bins: npt.NDArray[np.int64], outcomes: Outcomes, splits: Sequence[FoldSplit]
) -> list[float]:
    """Return for each fold how well the feature alone orders the outcomes of its validation rows.

    Each bin is scored with the mean outcome of the fold's training rows in it, so that a feature
    need not rise or fall with the target; nothing is fitted beyond these means.

    Args:
        bins: What `bin_codes` returned.
        outcomes: The levels of the labels, row by row.
        splits: The folds.

    Returns:
        The `concordance` of each fold (of classes, the mean of each class against all others); NaN
        where a fold's validation rows have one outcome only.
    """
    return [
        _score(
            _counts(bins, outcomes, split.training),
            _counts(bins, outcomes, split.validation),
            is_ordered=outcomes.is_ordered,
        )
        for split in splits
    ]


def _counts(bins: npt.NDArray[np.int64], outcomes: Outcomes, rows: npt.NDArray[np.int64]) -> Counts:
    """Rows with a label by bin and level, or their weight, of shape (bins, levels)."""
    rows = rows[outcomes.levels[rows] >= 0]
    cells = bins[rows] * outcomes.count + outcomes.levels[rows]
    weights = None if outcomes.weights is None else outcomes.weights[rows]
    counted = np.bincount(cells, weights, minlength=MOST_BINS * outcomes.count)
    return counted.reshape(MOST_BINS, outcomes.count)


def _score(training: Counts, validation: Counts, *, is_ordered: bool) -> float:
    if is_ordered:
        return concordance(validation, _means(training, np.arange(training.shape[1])))
    found = []
    for level in range(training.shape[1]):
        is_level = np.arange(training.shape[1]) == level
        against_rest = np.stack(
            [validation[:, ~is_level].sum(axis=1), validation[:, level]], axis=1
        )
        found.append(concordance(against_rest, _means(training, is_level.astype(np.int64))))
    known = [score for score in found if not np.isnan(score)]
    return float(np.mean(known)) if known else float("nan")


def _means(training: Counts, values: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The mean value of each bin, drawn towards the mean of all rows."""
    rows, sums = training.sum(axis=1), training @ values
    total = rows.sum()
    mean = sums.sum() / (total if total > 0 else 1)
    means: npt.NDArray[np.float64] = (sums + _PRIOR_ROWS * mean) / (rows + _PRIOR_ROWS)
    return means
