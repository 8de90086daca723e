"""Judging an ensemble on rows that its weights have not seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from yule_models.ensemble.selection import blend, select_weights

__all__ = ["CrossFit", "cross_fit"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class CrossFit:
    """An ensemble's out-of-fold predictions.

    Attributes:
        predictions: Of the same shape as each model's.
        is_cross_fitted: False where a single fold left nothing else to learn weights on, so that
            the predictions flatter the ensemble.
    """

    predictions: Floats
    is_cross_fitted: bool


def cross_fit(
    predictions: Mapping[str, Floats],
    labels: Floats,
    fold: npt.NDArray[np.int32],
    loss: Callable[[Floats, Floats], float],
    *,
    rounds: int = 25,
) -> CrossFit:
    """Blend each fold's rows with weights learned on the other folds' rows.

    Args:
        predictions: Out-of-fold predictions of each model, of shape (n, outputs).
        labels: Encoded labels of shape (n,).
        fold: The fold of each row.
        loss: Function of labels and predictions; lower is better.
        rounds: As in `select_weights`.
    """
    blended = np.empty_like(next(iter(predictions.values())))
    numbers = np.unique(fold)
    for number in numbers:
        is_held = fold == number
        is_seen = ~is_held if len(numbers) > 1 else is_held
        seen = {name: values[is_seen] for name, values in predictions.items()}
        weights = select_weights(seen, partial(loss, labels[is_seen]), rounds=rounds)
        held = {name: values[is_held] for name, values in predictions.items()}
        blended[is_held] = blend(held, weights)
    return CrossFit(predictions=blended, is_cross_fitted=len(numbers) > 1)
