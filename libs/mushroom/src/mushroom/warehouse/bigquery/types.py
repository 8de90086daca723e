"""GoogleSQL types, from the fields of a REST schema to the Arrow types of a result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from google.cloud.bigquery import SchemaField

__all__ = ["arrow_schema", "field_type", "schema_of"]

_STANDARD = {"INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL", "RECORD": "STRUCT"}
_ARROW = {
    "BOOL": pa.bool_(),
    "INT64": pa.int64(),
    "FLOAT64": pa.float64(),
    "NUMERIC": pa.decimal128(38, 9),
    "BIGNUMERIC": pa.decimal256(76, 38),
    "STRING": pa.string(),
    "BYTES": pa.binary(),
    "DATE": pa.date32(),
    "TIME": pa.time64("us"),
    "DATETIME": pa.timestamp("us"),
    "TIMESTAMP": pa.timestamp("us", tz="UTC"),
}
_OF_ARROW = {kind: name for name, kind in _ARROW.items()}


def field_type(field: SchemaField) -> str:
    """The GoogleSQL type of a field."""
    kind = _STANDARD.get(field.field_type, field.field_type)
    if kind == "STRUCT":
        kind = f"STRUCT<{', '.join(f'{part.name} {field_type(part)}' for part in field.fields)}>"
    return f"ARRAY<{kind}>" if field.mode == "REPEATED" else kind


def arrow_schema(fields: Iterable[SchemaField]) -> pa.Schema:
    """The Arrow types in which the fields come back."""
    return pa.schema([(field.name, _arrow_type(field)) for field in fields])


def schema_of(schema: pa.Schema) -> list[SchemaField]:
    """The fields that hold what an Arrow table holds.

    Raises:
        ValueError: A column has a type without a counterpart.
    """
    from google.cloud.bigquery import SchemaField

    return [SchemaField(field.name, _googlesql_type(field)) for field in schema]


def _arrow_type(field: SchemaField) -> pa.DataType:
    name = _STANDARD.get(field.field_type, field.field_type)
    if name == "STRUCT":
        kind = pa.struct([(part.name, _arrow_type(part)) for part in field.fields])
    else:
        # What else there is, JSON or GEOGRAPHY, travels as text.
        kind = _ARROW.get(name, pa.string())
    return pa.list_(kind) if field.mode == "REPEATED" else kind


def _googlesql_type(field: pa.Field) -> str:
    kind = field.type
    if pa.types.is_large_string(kind):
        kind = pa.string()
    if pa.types.is_decimal(kind):
        return "NUMERIC" if kind.scale <= 9 and kind.precision <= 38 else "BIGNUMERIC"
    if pa.types.is_integer(kind):
        return "INT64"
    if pa.types.is_floating(kind):
        return "FLOAT64"
    if kind not in _OF_ARROW:
        raise ValueError(f"the column {field.name!r} is a {kind}, which has no counterpart")
    return _OF_ARROW[kind]
