"""The row that others are compared with."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pandas.api import types

from yule_models.encoding.columns import sequence_columns

__all__ = ["typical_row"]


def typical_row(features: pd.DataFrame) -> pd.DataFrame:
    """Return one row: of each number the median, of each category the most frequent one.

    A value is missing where it is in most rows; of equally frequent categories the first by name is
    taken. A sequence is empty.

    Args:
        features: As an estimator takes them, of n rows, n at least 1.
    """
    lists = sequence_columns(features)
    return pd.DataFrame(
        {
            name: pd.Series([[]], dtype=features[name].dtype)
            if name in lists
            else _typical(features[name])
            for name in features.columns
        }
    )


def _typical(column: pd.Series[Any]) -> pd.Series[Any]:
    known = column.dropna()
    if 2 * len(known) < len(column) or not len(known):
        return pd.Series([None], dtype=column.dtype if _takes_none(column) else "object")
    if types.is_numeric_dtype(column.dtype) and not types.is_bool_dtype(column.dtype):
        middle = known.sort_values(kind="stable").iloc[[(len(known) - 1) // 2]]
        return middle.reset_index(drop=True)
    counts = known.value_counts()
    most: object = min(counts.index[counts == counts.max()], key=str)
    return known[known == most].iloc[[0]].reset_index(drop=True)


def _takes_none(column: pd.Series[Any]) -> bool:
    return types.is_float_dtype(column.dtype) or not (
        types.is_numeric_dtype(column.dtype) or types.is_bool_dtype(column.dtype)
    )
