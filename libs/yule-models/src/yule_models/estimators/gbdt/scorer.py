"""Raw scores of a booster: few rows by LightGBM, many by tables that are built once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from yule_models.estimators.fold_data import Floats
from yule_models.estimators.gbdt.leaf_masks import LeafMasks
from yule_models.estimators.gbdt.tree_text import read_trees

if TYPE_CHECKING:
    import lightgbm as lgb

__all__ = ["BoosterScorer"]

_MANY_ROWS = 2_000
"""From so many on, building the tables is less work than they spare."""


class BoosterScorer:
    """Scores rows in the way that is quicker; both give the same bits.

    Args:
        booster: The booster.
        threads: Threads to take.
    """

    def __init__(self, booster: lgb.Booster, *, threads: int) -> None:
        self._booster = booster
        self._threads = threads

    def scores(self, matrix: Floats) -> Floats:
        """Return the raw scores of rows, of shape (n, outputs)."""
        if len(matrix) >= _MANY_ROWS and self._masks is not None:
            return self._masks.scores(matrix, threads=self._threads)
        scores = self._booster.predict(matrix, raw_score=True, num_threads=self._threads)
        return np.asarray(scores).reshape(len(matrix), -1)

    @cached_property
    def _masks(self) -> LeafMasks | None:
        trees = [*read_trees(self._booster.model_to_string())]
        return LeafMasks.of(trees, outputs=self._booster.num_model_per_iteration())
