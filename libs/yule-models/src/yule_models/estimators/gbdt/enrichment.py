"""Columns that LightGBM is given beside the table's own: means of the target."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from yule_models.encoding import FeatureColumns
from yule_models.encoding.crosses import find_crosses
from yule_models.encoding.levels import Levels
from yule_models.encoding.target_means import PartedRows, TargetMeans
from yule_models.estimators.fold_data import Floats

__all__ = ["Enrichment", "Key", "Residuals", "beside", "find_keys"]

Key = tuple[Levels, ...]
"""One column, or two."""

Residuals = Callable[[npt.NDArray[np.int64]], tuple[Floats, Floats]]
"""Of some rows: what trees leave unexplained, of shape (n, outputs), and each column's gain."""

_MOST_CATEGORIES = 100
"""Above so many, a column's rarer values have no code of their own: its means tell them apart."""
_MOST_LEVELS = 64
"""Columns of more different values are not paired: their cells would hold too few rows."""
_PAIRED_COLUMNS = 12
_SEARCHED_ROWS = 50_000
_LEAST_ROWS = 1000
"""Of fewer rows, the cells of pairs hold too few."""
_LEAST_GROUPS = 10
"""Of fewer groups, as entities, what holds of one half says little of the other."""


@dataclass(frozen=True, kw_only=True)
class Enrichment:
    """For one target: the means of columns with many categories, and of crosses.

    Attributes:
        means: The means, in the order of their columns.
    """

    means: tuple[TargetMeans, ...]

    @classmethod
    def learn(cls, keys: Sequence[Key], rows: PartedRows, answers: Floats) -> tuple[Self, Floats]:
        """Learn from training rows, all of which have a label.

        Args:
            keys: What means are told of, as `find_keys` found it.
            rows: The rows, n of them.
            answers: Labels as predictions should be, of shape (n, outputs).

        Returns:
            The enrichment, and the columns of the training rows themselves, of shape (n, width).
        """
        means, told = [], [np.empty((len(answers), 0))]
        for key in keys:
            learned, own = TargetMeans.learn(key, rows, answers)
            means.append(learned)
            told.append(own)
        return cls(means=tuple(means)), np.hstack(told)

    @property
    def sources(self) -> list[tuple[str, ...]]:
        """For each column of the enrichment, the columns that it was made from."""
        return [
            tuple(levels.name for levels in means.key)
            for means in self.means
            for _ in range(means.width)
        ]

    def transform(self, columns: FeatureColumns, features: pd.DataFrame) -> Floats:
        """Return the columns of other rows, of shape (n, width)."""
        told = [means.transform(columns, features) for means in self.means]
        return np.hstack([np.empty((len(features), 0)), *told])

    def to_json(self) -> dict[str, Any]:
        """Return the enrichment as JSON, as `of` takes it."""
        return {"means": [means.to_json() for means in self.means]}

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Self:
        """Build an enrichment from its JSON form."""
        return cls(means=tuple(TargetMeans.of(means) for means in value["means"]))


def beside(matrix: Floats, told: Floats) -> Floats:
    """Put the columns of an enrichment beside a matrix, copied only where there are any."""
    return np.hstack([matrix, told]) if told.shape[1] else matrix


def find_keys(
    rows: PartedRows, *, crosses: int, uncrossed: Collection[str], residuals: Residuals
) -> list[Key]:
    """Return the columns with many categories, and the crosses.

    Args:
        rows: The training rows.
        crosses: Most crosses.
        uncrossed: Columns that are never crossed.
        residuals: Asked for where there are columns to pair.
    """
    keys: list[Key] = [
        (Levels.of_categories(name, rows.features[name], rows.groups),)
        for name in rows.columns.vocabularies
        if rows.features[name].nunique() > _MOST_CATEGORIES
    ]
    if not crosses:
        return keys
    few_valued = _few_valued(rows.columns, rows.features)
    candidates = [levels for levels in few_valued if levels.name not in uncrossed]
    return keys + _crosses(candidates, rows, most=crosses, residuals=residuals)


def _crosses(
    few_valued: Sequence[Levels], rows: PartedRows, *, most: int, residuals: Residuals
) -> list[Key]:
    """Find crosses among the columns of few values that trees use most."""
    count, candidates = len(rows.features), {levels.name: levels for levels in few_valued}
    if len(candidates) < 2 or count < _LEAST_ROWS:
        return []
    searched = np.arange(0, count, -(-count // _SEARCHED_ROWS))
    if len(np.unique(rows.groups[searched])) < _LEAST_GROUPS:
        return []
    left, gains = residuals(searched)
    by_gain = sorted(zip(-gains, rows.columns.ordered, strict=True))
    paired = [candidates[name] for _, name in by_gain if name in candidates][:_PAIRED_COLUMNS]
    return [*find_crosses(paired, rows.take(searched), left, most=most)]


def _few_valued(columns: FeatureColumns, features: pd.DataFrame) -> list[Levels]:
    found = [
        Levels(name=name, values=vocabulary.values)
        for name, vocabulary in columns.vocabularies.items()
        if 1 <= len(vocabulary.values) <= _MOST_LEVELS
    ]
    for name in columns.numeric:
        numbers = columns.numbers_of(features, name)
        levels = Levels.of_numbers(name, numbers, most=_MOST_LEVELS)
        if levels is not None:
            found.append(levels)
    return found
