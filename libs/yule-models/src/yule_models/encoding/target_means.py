"""Values, and pairs of values, told by the target's mean among the rows that have them.

Micci-Barreca (2001), "A Preprocessing Scheme for High-Cardinality Categorical Attributes in
Classification and Prediction Problems". A training row is told the mean over rows of other parts,
never its own label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from yule_models.encoding.columns import FeatureColumns
from yule_models.encoding.levels import Levels

__all__ = ["PARTS", "PRIOR_ROWS", "PartedRows", "TargetMeans", "means_elsewhere"]

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
PARTS = 5
"""Parts of the training rows that learn from each other."""
PRIOR_ROWS = 20.0
"""The overall mean counts as much as this many rows."""


@dataclass(frozen=True, kw_only=True)
class PartedRows:
    """Training rows, in parts that learn from each other.

    Attributes:
        columns: The columns of the table.
        features: The table, of n rows.
        weights: Of shape (n,).
        groups: The group of each row, as the entity that it describes, of shape (n,).
        parts: The part of each row, of shape (n,), from 0 to `PARTS` - 1; one for a group.
    """

    columns: FeatureColumns
    features: pd.DataFrame
    weights: Floats
    groups: Codes
    parts: Codes

    def take(self, rows: Codes) -> PartedRows:
        """Return some of the rows."""
        return PartedRows(
            columns=self.columns,
            features=self.features.iloc[rows],
            weights=self.weights[rows],
            groups=self.groups[rows],
            parts=self.parts[rows],
        )


@dataclass(frozen=True, kw_only=True)
class TargetMeans:
    """The means of one key: of a column, or of two columns together.

    Attributes:
        key: The levels of the columns.
        means: Of shape (cells, outputs), for each cell, a combination of codes.
        weights: Of shape (cells,): the weight of the training rows in each cell.
    """

    key: tuple[Levels, ...]
    means: Floats
    weights: Floats

    @classmethod
    def learn(cls, key: Sequence[Levels], rows: PartedRows, answers: Floats) -> tuple[Self, Floats]:
        """Learn from training rows.

        Args:
            key: The levels of the columns.
            rows: The rows.
            answers: What is averaged, of shape (n, outputs).

        Returns:
            The means, and what the training rows themselves are told, as `transform` tells others.
        """
        cells, size = _cells_of(key, rows.columns, rows.features)
        means, totals = _means(cells, size, answers, rows.weights)
        told = means_elsewhere(cells, size, answers, rows)
        learned = cls(key=tuple(key), means=means, weights=totals)
        return learned, learned._with_frequency(cells, told)

    def transform(self, columns: FeatureColumns, features: pd.DataFrame) -> Floats:
        """Return the means of the rows' cells, and the logarithm of how much those weigh.

        A cell without training rows has the overall mean.

        Returns:
            Of shape (n, width).
        """
        cells, _ = _cells_of(self.key, columns, features)
        return self._with_frequency(cells, self.means[cells])

    @property
    def width(self) -> int:
        """Numbers that a row is told."""
        return int(self.means.shape[1]) + 1

    def to_json(self) -> dict[str, Any]:
        """Return the means as JSON, as `of` takes them."""
        return {
            "key": [levels.to_json() for levels in self.key],
            "means": self.means.tolist(),
            "weights": self.weights.tolist(),
        }

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Self:
        """Build the means from their JSON form."""
        return cls(
            key=tuple(Levels.of(levels) for levels in value["key"]),
            means=np.array(value["means"], dtype=np.float64),
            weights=np.array(value["weights"], dtype=np.float64),
        )

    def _with_frequency(self, cells: Codes, told: Floats) -> Floats:
        return np.column_stack([told, np.log1p(self.weights[cells])])


def means_elsewhere(cells: Codes, size: int, answers: Floats, rows: PartedRows) -> Floats:
    """Return for each row the mean of its cell over the rows of all other parts.

    Args:
        cells: Of shape (n,).
        size: Number of cells.
        answers: Of shape (n, outputs).
        rows: The rows.
    """
    told = np.empty(answers.shape)
    for part in range(PARTS):
        held = rows.parts == part
        means, _ = _means(cells[~held], size, answers[~held], rows.weights[~held])
        told[held] = means[cells[held]]
    return told


def _cells_of(
    key: Sequence[Levels], columns: FeatureColumns, features: pd.DataFrame
) -> tuple[Codes, int]:
    """Return the cell of each row, of shape (n,), and the number of cells."""
    cells, size = np.zeros(len(features), dtype=np.int64), 1
    for levels in key:
        cells = cells * levels.size + levels.encode(columns, features)
        size *= levels.size
    return cells, size


def _means(cells: Codes, size: int, answers: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the mean and the weight of each cell; cells of few rows are near the overall mean."""
    totals = np.bincount(cells, weights, minlength=size).astype(np.float64)
    # Weights have a scale of their own: the prior is as heavy as that many average rows.
    prior = PRIOR_ROWS * (weights.mean() if len(weights) else 1.0)
    means = np.empty((size, answers.shape[1]))
    for output, values in enumerate(answers.T):
        overall = np.average(values, weights=weights) if len(weights) else 0.0
        sums = np.bincount(cells, weights * values, minlength=size)
        means[:, output] = (sums + prior * overall) / (totals + prior)
    return means, totals
