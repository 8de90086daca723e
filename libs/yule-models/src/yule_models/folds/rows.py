"""Labelled rows as arrays: who, when, and of which class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from yule_models.alignment import ROW_WEIGHT
from yule_models.folds.errors import FoldError

__all__ = ["KEYS", "LabelledRows"]

KEYS = ("entity_id", "as_of")
_NOT_TARGETS = (*KEYS, "data_until", ROW_WEIGHT)
_MOST_CLASSES, _TWO_CLASSES = 20, 2


@dataclass(frozen=True, kw_only=True)
class LabelledRows:
    """What dividing rows into folds looks at; never a feature.

    Attributes:
        entities: Entity id of each row.
        as_of: Time of each row, in microseconds since 1970 (UTC).
        strata: For each target the class of each row as a code from 1 on, or 0 where there is no
            label. A number of many values is cut into tenths.
        numbers: The targets that are numbers: floating-point, with more than two values. Each value
            may stand alone, where a class needs company.
    """

    entities: Sequence[Any]
    as_of: npt.NDArray[np.int64]
    strata: dict[str, npt.NDArray[np.int64]]
    numbers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, labels: pa.Table) -> LabelledRows:
        """Read a table of labelled rows.

        Raises:
            FoldError: If it has no rows, no target, or lacks a key column.
        """
        missing = [key for key in KEYS if key not in labels.column_names]
        targets = [name for name in labels.column_names if name not in _NOT_TARGETS]
        if missing or not targets or not labels.num_rows:
            raise FoldError(
                "Folds need labelled rows with entity_id, as_of and at least one target, got "
                f"{labels.num_rows} rows of {', '.join(labels.column_names) or 'no columns'}."
            )
        as_of = labels["as_of"].cast(pa.timestamp("us", "UTC")).cast(pa.int64())
        return cls(
            entities=labels["entity_id"].to_pylist(),
            as_of=as_of.to_numpy(),
            strata={name: _stratum_codes(labels[name]) for name in targets},
            numbers=frozenset(name for name in targets if _is_number(labels[name])),
        )

    def __len__(self) -> int:
        return len(self.entities)

    @cached_property
    def entity_codes(self) -> npt.NDArray[np.int64]:
        """A number for each entity, by which its rows are told from others'."""
        return pd.factorize(np.asarray(self.entities, dtype=object))[0].astype(np.int64)

    @cached_property
    def joint_strata(self) -> npt.NDArray[np.int64]:
        """The class of each row over all targets together, as a code from 0 on.

        Codes are ordered by the target with the rarest class first: those that are dealt one after
        another share that class, so that each fold gets its part of it.
        """
        joint = np.zeros(len(self), dtype=np.int64)
        for codes in sorted(self.strata.values(), key=_rarest_count):
            joint = np.unique(joint * (codes.max() + 1) + codes, return_inverse=True)[1]
        return joint

    def single_class_target(self, rows: npt.NDArray[np.bool_]) -> str | None:
        """Return a target of which the rows do not hold what a model needs.

        That is two classes, two entities in each, since early stopping takes one entity of each
        class for itself; or two different numbers. Rows without a label say nothing.
        """
        for name, codes in self.strata.items():
            known = rows & (codes > 0)
            if name in self.numbers:
                if len(np.unique(codes[known])) < 2:
                    return name
                continue
            pairs = pd.unique(codes[known] * len(self) + self.entity_codes[known])
            if np.count_nonzero(np.bincount(pairs // len(self)) >= 2) < 2:
                return name
        return None

    def needs(self, target: str) -> str:
        """Say what a model needs of a target."""
        if target in self.numbers:
            return f"two different values of {target!r}"
        return f"two classes of {target!r}, two entities in each"

    def rarest_class(self, target: str) -> str:
        """Return a sentence on how many rows and entities the rarest class of a target has."""
        codes = self.strata[target]
        if target in self.numbers:
            return f"There are {np.count_nonzero(codes)} rows with a label of {target!r}."
        classes, counts = np.unique(codes[codes > 0], return_counts=True)
        of_rarest = self.strata[target] == classes[counts.argmin()]
        entities = len(np.unique(self.entity_codes[of_rarest]))
        return f"The rarest class of {target!r} has {counts.min()} rows of {entities} entities."


def _rarest_count(codes: npt.NDArray[np.int64]) -> int:
    counts = np.unique(codes[codes > 0], return_counts=True)[1]
    return int(counts.min()) if len(counts) else len(codes)


def _is_number(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_floating(column.type)) and column.to_pandas().nunique() > _TWO_CLASSES


def _stratum_codes(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    values = column.to_pandas()
    is_number = pa.types.is_floating(column.type) or pa.types.is_integer(column.type)
    if is_number and values.nunique() > _MOST_CLASSES:
        tenths = np.ceil(values.rank(method="max", pct=True) * 10).fillna(0)
        codes: npt.NDArray[np.int64] = tenths.to_numpy(dtype=np.int64)
    else:
        codes = pd.factorize(values, sort=True)[0].astype(np.int64) + 1
    return codes
