"""A metric over folds: its mean and its spread."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

__all__ = ["summarise_folds"]

_NOT_METRICS = ("fold", "rows")


def summarise_folds(folds: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float | None]]:
    """Return the mean and the standard deviation of each metric over folds.

    Args:
        folds: For each fold its metrics by name, besides `fold` and `rows`. Folds where a metric is
            None are left out of it.

    Returns:
        `mean` and `std` (with n - 1 in the denominator) by metric; None where there are too few
        folds: none for a mean, fewer than two for a deviation.
    """
    names = [name for name in (folds[0] if folds else {}) if name not in _NOT_METRICS]
    mean: dict[str, float | None] = {}
    std: dict[str, float | None] = {}
    for name in names:
        values = [fold[name] for fold in folds if fold[name] is not None]
        mean[name] = math.fsum(values) / len(values) if values else None
        std[name] = float(np.std(values, ddof=1)) if len(values) > 1 else None
    return {"mean": mean, "std": std}
