"""From a query's answer to feature rows: aligned with their entities, in the types of features."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from mushroom.features.error import FeatureError
from mushroom.features.facts import FACTS, KNOWN, NOT_FINITE

__all__ = ["KEYS", "feature_rows", "is_aligned"]

KEYS = ("entity_id", "as_of")


def feature_rows(answer: pa.Table, *, name: str, entities: pa.Table) -> pa.Table:
    """The answer as a feature's rows.

    Args:
        answer: ``entity_id``, ``as_of``, the facts (`mushroom.features.facts`) and the feature
            columns.
        name: The feature's name, which goes before each column's: ``<name>.<column>``.
        entities: The entity rows that were described.

    Returns:
        ``entity_id`` and ``as_of`` of the entities, row by row, the facts, and the columns as
        float64, int64 or string. A NaN or an infinite number is missing, and counted; a column
        that has no type, since it never holds a value, is float64.

    Raises:
        FeatureError: If the rows are not those of the entities in their order, a fact is lacking,
            or a column is neither a number nor a string.
    """
    if not is_aligned(answer, entities):
        raise FeatureError(
            f"The {answer.num_rows} rows of the feature {name!r} are not those of the "
            f"{entities.num_rows} entity rows; entity rows must be unique in (entity_id, as_of) "
            "and sorted by them."
        )
    if lacking := [fact for fact in FACTS if fact not in answer.column_names]:
        raise FeatureError(
            f"The answer of the feature {name!r} lacks the column {lacking[0]!r}; every method "
            "tells the facts of its rows."
        )
    columns: dict[str, pa.ChunkedArray] = {}
    is_odd = pa.repeat(pa.scalar(False), answer.num_rows)
    for column in answer.column_names:
        if column in KEYS or column in FACTS:
            continue
        values = _as_feature(answer[column], feature=name, column=column)
        if pa.types.is_floating(values.type):
            is_odd_here = pc.fill_null(pc.invert(pc.is_finite(values)), fill_value=False)
            values = pc.if_else(is_odd_here, None, values)
            is_odd = pc.or_(is_odd, is_odd_here)
        columns[f"{name}.{column}"] = values
    not_finite = pc.add(answer[NOT_FINITE].cast(pa.int64()), is_odd.cast(pa.int64()))
    keys = {key: entities[key] for key in KEYS}
    return pa.table({**keys, KNOWN: answer[KNOWN], NOT_FINITE: not_finite, **columns})


def is_aligned(rows: pa.Table, entities: pa.Table) -> bool:
    """Whether both tables have the same (entity_id, as_of) in every row."""
    return rows.num_rows == entities.num_rows and all(
        rows[key].cast(entities[key].type).equals(entities[key]) for key in KEYS
    )


def _as_feature(values: pa.ChunkedArray, *, feature: str, column: str) -> pa.ChunkedArray:
    kind = values.type
    if pa.types.is_null(kind):
        return values.cast(pa.float64())
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        return values.cast(pa.int64())
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return values.cast(pa.float64())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind):
        return values.cast(pa.string())
    raise FeatureError(
        f"The column {column!r} of the feature {feature!r} is a {kind}; a feature is a number or a "
        "string. Give the catalogue an `expression` that makes one of it."
    )
