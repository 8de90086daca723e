"""Judging an ensemble on rows that it was not learned from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yule_models.ensemble.blend import Blend

__all__ = ["CrossFit", "Learn", "cross_fit"]

Floats = npt.NDArray[np.float64]
Folds = npt.NDArray[np.int32]
Learn = Callable[[Mapping[str, Floats], npt.NDArray[np.int64]], Blend]
"""A function of out-of-fold predictions of some rows, and of the positions of these rows."""


@dataclass(frozen=True, kw_only=True)
class CrossFit:
    """An ensemble's out-of-fold predictions.

    Attributes:
        predictions: Of the same shape as each model's.
        intervals: Of a regression, lower and upper ends, of shape (n, 2); else None.
        is_cross_fitted: False where a single fold left nothing else to learn from, so that the
            predictions flatter the ensemble.
    """

    predictions: Floats
    intervals: Floats | None
    is_cross_fitted: bool


def cross_fit(predictions: Mapping[str, Floats], fold: Folds, learn: Learn) -> CrossFit:
    """Blend each fold's rows as the other folds' rows say: weights, calibration and intervals.

    Args:
        predictions: Out-of-fold predictions of each model, of shape (n, outputs).
        fold: The fold of each row.
        learn: What learns a blend.
    """
    blended = np.empty_like(next(iter(predictions.values())))
    intervals = np.full((len(fold), 2), np.nan)
    numbers = np.unique(fold)
    for number in numbers:
        is_held = fold == number
        is_seen = ~is_held if len(numbers) > 1 else is_held
        seen = {name: values[is_seen] for name, values in predictions.items()}
        blend = learn(seen, np.flatnonzero(is_seen))
        held = {name: values[is_held] for name, values in predictions.items()}
        blended[is_held] = blend.apply(held)
        if blend.interval is not None:
            intervals[is_held] = blend.interval.apply(blended[is_held][:, 0])
    return CrossFit(
        predictions=blended,
        intervals=None if np.isnan(intervals).all() else intervals,
        is_cross_fitted=len(numbers) > 1,
    )
