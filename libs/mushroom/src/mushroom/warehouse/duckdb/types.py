"""DuckDB's types by their GoogleSQL names."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

__all__ = ["googlesql_type", "result_schema"]

_TYPES = {
    "BOOLEAN": "BOOL",
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT"), "INT64"),
    **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"), "INT64"),
    "HUGEINT": "BIGNUMERIC",
    "UHUGEINT": "BIGNUMERIC",
    "FLOAT": "FLOAT64",
    "DOUBLE": "FLOAT64",
    "VARCHAR": "STRING",
    "UUID": "STRING",
    "BLOB": "BYTES",
    "DATE": "DATE",
    "TIME": "TIME",
    "INTERVAL": "INTERVAL",
    "JSON": "JSON",
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), "DATETIME"),
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMP",
}


def googlesql_type(name: str) -> str:
    """The GoogleSQL type for a DuckDB type's name; a type without a counterpart keeps its name.

    A TIMESTAMP without a time zone is GoogleSQL's DATETIME: a reading of a clock on some wall.

    >>> googlesql_type("TIMESTAMP"), googlesql_type("INTEGER[]"), googlesql_type("DECIMAL(18,2)")
    ('DATETIME', 'ARRAY<INT64>', 'NUMERIC')
    """
    if name.endswith("[]"):
        return f"ARRAY<{googlesql_type(name[:-2])}>"
    if name.startswith("DECIMAL"):
        return "NUMERIC"
    if name.startswith("ENUM"):
        return "STRING"
    return _TYPES.get(name, name)


def result_schema(schema: pa.Schema, duckdb_types: Sequence[str]) -> pa.Schema:
    """The Arrow types in which GoogleSQL's types come back, for a result of DuckDB.

    Integers of any width, and DuckDB's sums of them, are int64; floats are float64; an ENUM is a
    string; times have microseconds.
    """
    pairs = zip(schema, duckdb_types, strict=True)
    return pa.schema(
        [
            field.with_type(pa.int64() if kind == "HUGEINT" else _result_type(field.type))
            for field, kind in pairs
        ]
    )


def _result_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_integer(kind):
        return pa.int64()
    if pa.types.is_floating(kind):
        return pa.float64()
    if pa.types.is_dictionary(kind):
        return _result_type(kind.value_type)
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", tz=kind.tz)
    if pa.types.is_list(kind):
        return pa.list_(_result_type(kind.value_type))
    return kind
