"""GoogleSQL types, from the fields of a REST schema to the Arrow types of a result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyarrow as pa

from mushroom.warehouse.arrow_types import ARROW_TYPES, googlesql_type

if TYPE_CHECKING:
    from google.cloud.bigquery import SchemaField

__all__ = ["arrow_schema", "field_type", "schema_of"]

_STANDARD = {"INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL", "RECORD": "STRUCT"}


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
        WarehouseError: A column has a type without a counterpart.
    """
    from google.cloud.bigquery import SchemaField

    return [SchemaField(field.name, googlesql_type(field)) for field in schema]


def _arrow_type(field: SchemaField) -> pa.DataType:
    name = _STANDARD.get(field.field_type, field.field_type)
    if name == "STRUCT":
        kind = pa.struct([(part.name, _arrow_type(part)) for part in field.fields])
    else:
        # What else there is, JSON or GEOGRAPHY, travels as text.
        kind = ARROW_TYPES.get(name, pa.string())
    return pa.list_(kind) if field.mode == "REPEATED" else kind
