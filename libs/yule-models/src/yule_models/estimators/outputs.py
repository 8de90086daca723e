"""From scores to probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from yule_models.targets import Target

__all__ = ["activated", "scores_of", "sigmoid", "softmax"]

_LEAST = 1e-12


def sigmoid(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the logistic function of each score, without overflow."""
    return np.asarray(np.exp(-np.logaddexp(0, -scores)))


def softmax(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the softmax of each row; a score of minus infinity has the probability 0."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def activated(target: Target, scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return predictions of a target from its scores, of shape (n, outputs)."""
    if target.kind == "binary":
        return sigmoid(scores)
    return softmax(scores) if target.kind == "multiclass" else scores


def scores_of(
    targets: Sequence[Target], predictions: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return predictions as scores that add up: log-odds of a class, values of a regression.

    Args:
        targets: The targets, whose outputs stand side by side.
        predictions: Of shape (n, outputs).
    """
    scores, start = predictions.copy(), 0
    for target in targets:
        if target.kind != "regression":
            own = scores[:, start : start + target.outputs]
            own[:] = np.clip(own, _LEAST, 1 - _LEAST)
            own[:] = np.log(own) - np.log1p(-own)
        start += target.outputs
    return scores
