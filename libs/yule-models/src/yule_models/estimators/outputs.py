"""From scores to probabilities."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["softmax"]


def softmax(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the softmax of each row; a score of minus infinity has the probability 0."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
