"""Columns of few different values as codes, whatever their type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from yule_models.encoding.columns import FeatureColumns
from yule_models.encoding.vocabulary import MISSING, OTHER, Vocabulary

__all__ = ["Levels"]

_FIRST = 2
_MOST_CATEGORIES = 100_000
_FIRST_ROWS = 10_000
_LEAST_GROUPS = 10
"""Of fewer, a category says who its rows are: an invoice, or the shop of one customer."""


@dataclass(frozen=True, kw_only=True)
class Levels:
    """The different values of a column that have a code of their own.

    As in a vocabulary, 0 is a missing value, 1 any other one, and the first level has the code 2.

    Attributes:
        name: The column.
        values: Its levels: numbers in ascending order, or categories.
    """

    name: str
    values: tuple[float, ...] | tuple[str, ...]

    @classmethod
    def of_numbers(cls, name: str, column: npt.NDArray[np.float64], *, most: int) -> Self | None:
        """Return the levels of a column of numbers; None where it has more than `most`, or one."""
        # A measure shows itself in a few of many rows, without sorting them all.
        if len(np.unique(column[:_FIRST_ROWS])) > most + 1:
            return None
        known = np.unique(column[~np.isnan(column)])
        return cls(name=name, values=tuple(known.tolist())) if 2 <= len(known) <= most else None

    @classmethod
    def of_categories(
        cls, name: str, column: pd.Series[Any], groups: npt.NDArray[np.int64]
    ) -> Self:
        """Return all categories that rows of ten groups have, however many there are.

        Args:
            name: The column.
            column: Its values.
            groups: The group of each row, as the entity that it describes.
        """
        pairs = pd.DataFrame({"value": column.array, "group": groups}).drop_duplicates()
        found = Vocabulary.of(pairs["value"], most=_MOST_CATEGORIES, at_least=_LEAST_GROUPS)
        return cls(name=name, values=found.values)

    @property
    def size(self) -> int:
        """Number of codes."""
        return len(self.values) + _FIRST

    def encode(self, columns: FeatureColumns, features: pd.DataFrame) -> npt.NDArray[np.int64]:
        """Return the code of each row.

        Args:
            columns: The columns of the training table.
            features: A table like it.
        """
        if self.name in columns.vocabularies:
            vocabulary = Vocabulary(values=tuple(map(str, self.values)))
            return vocabulary.encode(features[self.name]).astype(np.int64)
        numbers = columns.numbers_of(features, self.name)
        levels = np.array(self.values, dtype=np.float64)
        found = np.minimum(np.searchsorted(levels, numbers), len(levels) - 1)
        codes = np.where(levels[found] == numbers, found + _FIRST, OTHER)
        return np.where(np.isnan(numbers), MISSING, codes)

    def to_json(self) -> dict[str, Any]:
        """Return the levels as JSON, as `of` takes them."""
        values: Sequence[float | str] = list(self.values)
        return {"name": self.name, "values": values}

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Self:
        """Build the levels from their JSON form."""
        return cls(name=value["name"], values=tuple(value["values"]))
