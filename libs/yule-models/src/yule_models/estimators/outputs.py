"""From scores to probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from yule_models.targets import Target

__all__ = ["activated", "sigmoid", "softmax"]


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
