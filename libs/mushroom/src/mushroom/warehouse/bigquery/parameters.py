"""Values and local rows as the query parameters of the official client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from mushroom.query import LocalRows, Query, Value, value_type
from mushroom.warehouse.bigquery.compile import parameter_of_rows
from mushroom.warehouse.bigquery.types import schema_of

if TYPE_CHECKING:
    from google.cloud.bigquery import ArrayQueryParameter, ScalarQueryParameter

__all__ = ["is_small", "query_parameters", "rows_parameter", "value_parameter"]

_SMALL_ROWS = 2_000
_SMALL_BYTES = 2**17


def is_small(rows: pa.Table) -> bool:
    """Whether rows are sent along with the query, rather than as a temporary table."""
    return bool(rows.num_rows <= _SMALL_ROWS and rows.nbytes <= _SMALL_BYTES)


def query_parameters(query: Query) -> list[Any]:
    """All parameters of a query; rows that are not small, or none at all, have none."""
    bound = [
        rows_parameter(name, relation.rows)
        for name, relation in query.relations.items()
        if isinstance(relation, LocalRows) and relation.rows.num_rows and is_small(relation.rows)
    ]
    return [*(value_parameter(name, value) for name, value in query.parameters.items()), *bound]


def value_parameter(name: str, value: Value) -> ScalarQueryParameter | ArrayQueryParameter:
    """A value, typed; a tuple is an array."""
    from google.cloud.bigquery import ArrayQueryParameter, ScalarQueryParameter

    kind = value_type(value, name=name)
    if isinstance(value, tuple):
        return ArrayQueryParameter(name, kind.removeprefix("ARRAY<").removesuffix(">"), [*value])
    return ScalarQueryParameter(name, kind, value)


def rows_parameter(relation: str, rows: pa.Table) -> ArrayQueryParameter:
    """Rows as an array of structs."""
    from google.cloud.bigquery import (
        ArrayQueryParameter,
        ScalarQueryParameter,
        StructQueryParameter,
    )

    types = {field.name: field.field_type for field in schema_of(rows.schema)}
    structs = [
        StructQueryParameter(
            None,
            *(ScalarQueryParameter(name, types[name], value) for name, value in row.items()),
        )
        for row in rows.to_pylist()
    ]
    return ArrayQueryParameter(parameter_of_rows(relation), "STRUCT", structs)
