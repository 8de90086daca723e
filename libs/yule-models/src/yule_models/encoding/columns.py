"""Which columns a model was fitted on, of which kind, and how they become numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from pandas.api import types

from yule_models.encoding.vocabulary import Vocabulary
from yule_models.errors import FeatureTypeError

__all__ = ["FeatureColumns", "sequence_columns"]


@dataclass(frozen=True, kw_only=True)
class FeatureColumns:
    """The columns of the training table.

    Attributes:
        names: All columns, in their order.
        vocabularies: The categorical ones among them, in that order; the others are numeric.
        sequences: Columns that hold a list in each row, for kinds that read them; none of `names`.
    """

    names: tuple[str, ...]
    vocabularies: Mapping[str, Vocabulary]
    sequences: tuple[str, ...] = ()

    @classmethod
    def learn(cls, features: pd.DataFrame, *, most: int = 100, at_least: int = 5) -> FeatureColumns:
        """Learn from the training rows.

        Args:
            features: Numbers, booleans, strings and categories of strings; and lists of numbers, of
                Arrow's types.
            most: Most categories of a column that get a code of their own.
            at_least: Rows that such a category must have.

        Raises:
            FeatureTypeError: If there is no column, a name stands twice or is no string, or a
                column is of another type.
        """
        given: list[object] = list(features.columns)
        unnamed = [name for name in given if not isinstance(name, str)]
        if unnamed:
            raise FeatureTypeError(
                f"The names of features must be strings, got {unnamed}; rename these columns."
            )
        sequences = sequence_columns(features)
        names = tuple(name for name in map(str, given) if name not in sequences)
        if not names or len(set(names)) < len(names):
            raise FeatureTypeError(
                f"A model needs at least one feature, and each name once; got {list(names)}."
            )
        vocabularies = {
            name: Vocabulary.of(features[name], most=most, at_least=at_least)
            for name in names
            if _is_categorical(features[name])
        }
        return cls(names=names, vocabularies=vocabularies, sequences=sequences)

    @property
    def numeric(self) -> tuple[str, ...]:
        """The numeric columns."""
        return tuple(name for name in self.names if name not in self.vocabularies)

    @property
    def ordered(self) -> tuple[str, ...]:
        """The numeric columns, then the categorical ones."""
        return (*self.numeric, *self.vocabularies)

    def check(self, features: pd.DataFrame) -> None:
        """Compare a table with the training table.

        Raises:
            FeatureTypeError: If its columns are others, in another order, or of another kind.
        """
        sequences = sequence_columns(features)
        if lacking := [name for name in self.sequences if name not in sequences]:
            raise FeatureTypeError(
                f"The model was fitted on sequences that the table lacks: {lacking}. Give it the "
                "columns of its training table, as lists."
            )
        given = tuple(name for name in features.columns if name not in sequences)
        if given != self.names:
            missing = [name for name in self.names if name not in set(given)]
            surplus = [name for name in given if name not in set(self.names)]
            detail = (
                f"missing are {missing}, unknown are {surplus}"
                if missing or surplus
                else "they stand in another order"
            )
            raise FeatureTypeError(
                f"The model was fitted on other columns: {detail}. Give it the {len(self.names)} "
                "columns of its training table, in their order."
            )
        for name in self.names:
            is_categorical = name in self.vocabularies
            if (
                _is_categorical(features[name]) != is_categorical
                and not features[name].isna().all()
            ):
                raise FeatureTypeError(
                    f"The column {name!r} has the type {features[name].dtype}, and had "
                    "another kind of values when the model was fitted."
                )

    def numbers(self, features: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Return the numeric columns as a matrix (n, numeric); missing and infinite are NaN."""
        matrix = np.empty((len(features), len(self.numeric)))
        for position, name in enumerate(self.numeric):  # one by one: the table may be large
            matrix[:, position] = self.numbers_of(features, name)
        return matrix

    @staticmethod
    def numbers_of(features: pd.DataFrame, name: str) -> npt.NDArray[np.float64]:
        """Return one numeric column, of shape (n,); missing and infinite are NaN."""
        column = pd.to_numeric(features[name]).to_numpy(dtype=np.float64, na_value=np.nan)
        return np.where(np.isfinite(column), column, np.nan)

    def codes(self, features: pd.DataFrame) -> npt.NDArray[np.int32]:
        """Return the categorical columns as a matrix (n, categorical) of codes."""
        columns = [
            vocabulary.encode(features[name]) for name, vocabulary in self.vocabularies.items()
        ]
        return np.column_stack(columns) if columns else np.empty((len(features), 0), dtype=np.int32)

    def to_json(self) -> dict[str, Any]:
        """Return the columns as JSON, as `of` takes them."""
        vocabularies = {name: v.to_json() for name, v in self.vocabularies.items()}
        # A list, since canonical JSON sorts the keys of an object.
        found: dict[str, Any] = {
            "names": list(self.names),
            "vocabularies": list(vocabularies.items()),
        }
        return found | ({"sequences": list(self.sequences)} if self.sequences else {})

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> FeatureColumns:
        """Build the columns from their JSON form."""
        vocabularies = {
            name: Vocabulary(values=tuple(values)) for name, values in value["vocabularies"]
        }
        return cls(
            names=tuple(value["names"]),
            vocabularies=vocabularies,
            sequences=tuple(value.get("sequences", ())),
        )


def sequence_columns(features: pd.DataFrame) -> tuple[str, ...]:
    """Return the columns of Arrow lists, which hold a sequence in each row."""
    return tuple(
        str(name)
        for name, dtype in zip(features.columns, features.dtypes, strict=True)
        if isinstance(dtype, pd.ArrowDtype) and pa.types.is_list(dtype.pyarrow_dtype)
    )


def _is_categorical(column: pd.Series[Any]) -> bool:
    dtype = column.dtype
    values: pd.Series[Any] | pd.Index[Any] = column
    if isinstance(dtype, pd.CategoricalDtype):
        values, dtype = dtype.categories, dtype.categories.dtype
    if types.is_object_dtype(dtype):
        found = types.infer_dtype(values, skipna=True)
        if found in ("string", "empty", "boolean"):
            return found != "boolean"
    elif types.is_string_dtype(dtype):
        return True
    elif types.is_bool_dtype(dtype) or (
        types.is_numeric_dtype(dtype) and not types.is_complex_dtype(dtype)
    ):
        return False
    raise FeatureTypeError(
        f"The feature {column.name!r} is of the type {column.dtype}; a model takes numbers, "
        "booleans and strings. Cast it, or leave it out."
    )
