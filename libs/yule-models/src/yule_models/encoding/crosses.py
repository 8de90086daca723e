"""Pairs of columns whose joint values say what a model of each row leaves unexplained.

After the search of Lou, Caruana, Gehrke, Hooker (2013), "Accurate Intelligible Models with Pairwise
Interactions", which ranks pairs by how well their cells explain the residuals of an additive model;
here the residuals are those of boosted trees, which find by themselves what few splits can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from yule_models.encoding.levels import Levels
from yule_models.encoding.target_means import PartedRows, means_elsewhere

__all__ = ["find_crosses"]

Floats = npt.NDArray[np.float64]
_LEAST_GAIN = 1e-3
"""Least share of the residuals' variance: ten times what pairs without meaning reach by chance."""


def find_crosses(
    candidates: Sequence[Levels], rows: PartedRows, residuals: Floats, *, most: int
) -> list[tuple[Levels, Levels]]:
    """Return the pairs that explain the most of what is left, one after another.

    Each is judged on rows that its means do not know, by what the pairs before it leave.

    Args:
        candidates: Columns to pair.
        rows: The rows.
        residuals: What a model leaves of each row, of shape (n, outputs), out of fold.
        most: Most pairs.
    """
    codes = {levels.name: levels.encode(rows.columns, rows.features) for levels in candidates}
    pairs = [*combinations(sorted(candidates, key=lambda levels: levels.name), 2)]
    found: list[tuple[Levels, Levels]] = []
    while pairs and len(found) < most:
        best, best_gain, best_told = pairs[0], 0.0, residuals
        left = _weighted_squares(residuals, rows.weights)
        for one, other in pairs:
            cells = codes[one.name] * other.size + codes[other.name]
            told = means_elsewhere(cells, one.size * other.size, residuals, rows)
            gain = left - _weighted_squares(residuals - told, rows.weights)
            if gain > best_gain:
                best, best_gain, best_told = (one, other), gain, told
        if best_gain < _LEAST_GAIN * left or best_gain == 0:
            break
        found.append(best)
        pairs.remove(best)
        residuals = residuals - best_told
    return found


def _weighted_squares(residuals: Floats, weights: Floats) -> float:
    return float((weights[:, None] * residuals**2).sum())
