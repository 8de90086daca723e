"""DuckDB's types by their GoogleSQL names."""

from __future__ import annotations

__all__ = ["googlesql_type"]

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
