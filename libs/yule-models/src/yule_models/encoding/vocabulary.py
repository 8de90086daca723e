"""Categories as codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["MISSING", "OTHER", "Vocabulary"]

MISSING = 0
OTHER = 1
_FIRST = 2


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The categories of a column that have a code of their own.

    Attributes:
        values: The categories. The first has the code 2; 0 is a missing value, and 1 any other
            category, rare or never seen.
    """

    values: tuple[str, ...]

    @classmethod
    def of(cls, column: pd.Series[Any], *, most: int, at_least: int) -> Vocabulary:
        """Learn the categories of a column, the most frequent first, ties by value.

        Args:
            column: Strings; missing values are left out.
            most: Most categories to keep.
            at_least: Rows that a category must have to be kept.
        """
        counts = column.dropna().astype(str).value_counts()
        frequent = [(str(value), int(count)) for value, count in counts.items()]
        kept = sorted(
            (item for item in frequent if item[1] >= at_least), key=lambda item: (-item[1], item[0])
        )
        return cls(values=tuple(value for value, _ in kept[:most]))

    @property
    def size(self) -> int:
        """Number of codes, those of missing and other values among them."""
        return len(self.values) + _FIRST

    def encode(self, column: pd.Series[Any]) -> npt.NDArray[np.int32]:
        """Return the code of each value."""
        codes = {value: code for code, value in enumerate(self.values, start=_FIRST)}
        missing = column.isna().to_numpy()
        known = column.astype(object).where(~missing, "").astype(str).map(codes)
        encoded = np.asarray(known.fillna(OTHER), dtype=np.int32)
        encoded[missing] = MISSING
        return encoded

    def to_json(self) -> Sequence[str]:
        """Return the categories."""
        return list(self.values)
