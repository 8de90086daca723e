"""From scores to probabilities."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["sigmoid", "softmax"]


def sigmoid(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the logistic function of each score, without overflow."""
    return np.asarray(np.exp(-np.logaddexp(0, -scores)))


def softmax(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the softmax of each row; a score of minus infinity has the probability 0."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
