"""Probabilities of one output or of several classes, as classes side by side, and as logarithms."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["all_classes", "log_probabilities", "own_outputs"]

Floats = npt.NDArray[np.float64]
_LEAST = 1e-15


def all_classes(probabilities: Floats) -> Floats:
    """Return the probabilities of 0 and of 1 where there is one output, else all as they are."""
    if probabilities.shape[1] > 1:
        return probabilities
    return np.hstack([1 - probabilities, probabilities])


def own_outputs(shares: Floats, *, outputs: int) -> Floats:
    """Return what `all_classes` was given."""
    return shares[:, 1:] if outputs == 1 else shares


def log_probabilities(probabilities: Floats) -> Floats:
    """Return the logarithm of each class's probability, none below that of 1e-15."""
    return np.asarray(np.log(np.maximum(all_classes(probabilities), _LEAST)))
