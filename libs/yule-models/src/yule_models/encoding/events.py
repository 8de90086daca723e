"""Sequences of events as numbers and codes, one after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from yule_models.encoding.standard import Standardiser
from yule_models.encoding.vocabulary import OTHER
from yule_models.errors import FeatureTypeError

__all__ = ["EventLists", "SequenceEncoding", "learn_sequences"]


@dataclass(frozen=True, kw_only=True)
class EventLists:
    """The events of n rows, those of a row together, oldest first.

    Attributes:
        numbers: Standardised numbers of each event, then whether each is missing; of shape
            (events, 2 * numbers).
        codes: Codes of its categories, of shape (events, categories).
        lengths: How many events each row has, of shape (n,).
    """

    numbers: npt.NDArray[np.float32]
    codes: npt.NDArray[np.int32]
    lengths: npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class SequenceEncoding:
    """How one sequence is encoded: lists of one name, which are as long as each other in every row.

    Attributes:
        name: What stands before the first dot of its columns.
        numbers: Columns of floating-point numbers.
        sizes: Columns of codes, each with its number of codes. A code that is not below it counts
            as 1, as of a value that is not known.
        standardiser: What standardises the numbers.
    """

    name: str
    numbers: tuple[str, ...]
    sizes: Mapping[str, int]
    standardiser: Standardiser

    def encode(self, features: pd.DataFrame) -> EventLists:
        """Return the events of a table.

        Raises:
            FeatureTypeError: If the lists of a row are not as long as each other.
        """
        columns = {name: _lists(features[name]) for name in (*self.numbers, *self.sizes)}
        lengths = {name: _lengths(column) for name, column in columns.items()}
        first, *others = lengths
        for name in others:
            if not np.array_equal(lengths[name], lengths[first]):
                raise FeatureTypeError(
                    f"The lists of {first!r} and {name!r} differ in length in some row; those of a "
                    "sequence tell the same events."
                )
        numbers = _matrix([_floats(columns[name]) for name in self.numbers], len(lengths[first]))
        standard = self.standardiser.transform(numbers)
        codes = [self._codes(columns[name], size) for name, size in self.sizes.items()]
        events = int(lengths[first].sum())
        return EventLists(
            numbers=np.hstack([standard, np.isnan(numbers)]).astype(np.float32),
            codes=np.column_stack(codes) if codes else np.empty((events, 0), dtype=np.int32),
            lengths=lengths[first],
        )

    def to_json(self) -> dict[str, Any]:
        """Return all but the arrays as JSON, as `of` takes it."""
        return {"name": self.name, "numbers": list(self.numbers), "sizes": [*self.sizes.items()]}

    @classmethod
    def of(cls, value: Mapping[str, Any], standardiser: Standardiser) -> Self:
        """Build from the JSON form."""
        return cls(
            name=value["name"],
            numbers=tuple(value["numbers"]),
            sizes={name: int(size) for name, size in value["sizes"]},
            standardiser=standardiser,
        )

    @staticmethod
    def _codes(column: pa.Array, size: int) -> npt.NDArray[np.int32]:
        codes = pc.fill_null(column.flatten(), 0).to_numpy(zero_copy_only=False)
        return np.where((codes >= 0) & (codes < size), codes, OTHER).astype(np.int32)


def learn_sequences(features: pd.DataFrame, columns: Sequence[str]) -> list[SequenceEncoding]:
    """Learn from training rows how their sequences are encoded.

    Args:
        features: The rows.
        columns: The columns of lists: of whole numbers from 0 on, which are codes; or of others.

    Raises:
        FeatureTypeError: If a list holds other things, or the lists of a sequence differ in length.
    """
    groups: dict[str, list[str]] = {}
    for name in columns:
        groups.setdefault(name.partition(".")[0], []).append(name)
    encodings = []
    for group, names in groups.items():
        numbers, sizes = [], {}
        for name in names:
            column = _lists(features[name])
            kind = column.type.value_type
            if pa.types.is_integer(kind):
                highest = pc.max(column.flatten()).as_py()
                sizes[name] = max(OTHER, highest if highest is not None else 0) + 1
            elif pa.types.is_floating(kind):
                numbers.append(name)
            else:
                raise FeatureTypeError(
                    f"The lists of {name!r} hold values of the type {kind}; a model reads codes, "
                    "which are whole numbers, and floating-point numbers."
                )
        known = _matrix([_floats(_lists(features[name])) for name in numbers], len(features))
        encodings.append(
            SequenceEncoding(
                name=group,
                numbers=tuple(numbers),
                sizes=sizes,
                standardiser=Standardiser.learn(known),
            )
        )
    for encoding in encodings:
        encoding.encode(features.iloc[:0])
    return encodings


def _lists(column: pd.Series[Any]) -> pa.ListArray:
    found = pa.array(column.array)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _lengths(column: pa.ListArray) -> npt.NDArray[np.int64]:
    lengths = pc.fill_null(column.value_lengths(), 0)
    return np.asarray(lengths.to_numpy(zero_copy_only=False), dtype=np.int64)


def _floats(column: pa.ListArray) -> npt.NDArray[np.float64]:
    values = column.flatten().cast(pa.float64()).to_numpy(zero_copy_only=False)
    return np.where(np.isfinite(values), values, np.nan)


def _matrix(columns: Sequence[npt.NDArray[np.float64]], rows: int) -> npt.NDArray[np.float64]:
    lengths = {len(column) for column in columns}
    if len(lengths) > 1:
        raise FeatureTypeError(
            f"The lists of a sequence hold {sorted(lengths)} values in {rows} rows; each of them "
            "must tell the same events."
        )
    return np.column_stack(columns) if columns else np.empty((0, 0))
