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
        codes, uniques = _factorised(column)
        counts = np.bincount(codes[codes >= 0], minlength=len(uniques)).tolist()
        frequent = [
            (-count, value)
            for value, count in zip(uniques, counts, strict=True)
            if count >= at_least
        ]
        return cls(values=tuple(value for _, value in sorted(frequent)[:most]))

    @property
    def size(self) -> int:
        """Number of codes, those of missing and other values among them."""
        return len(self.values) + _FIRST

    def encode(self, column: pd.Series[Any]) -> npt.NDArray[np.int32]:
        """Return the code of each value."""
        known = {value: code for code, value in enumerate(self.values, start=_FIRST)}
        codes, uniques = _factorised(column)
        # A missing value has the code -1: the last of these.
        meanings = [*(known.get(value, OTHER) for value in uniques), MISSING]
        return np.array(meanings, dtype=np.int32)[codes]

    def to_json(self) -> Sequence[str]:
        """Return the categories."""
        return list(self.values)


def _factorised(column: pd.Series[Any]) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Return the position of each value among the different ones, -1 where missing, and those."""
    codes, uniques = pd.factorize(column)
    return codes, [str(value) for value in uniques]
