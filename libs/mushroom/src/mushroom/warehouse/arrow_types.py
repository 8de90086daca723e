"""The GoogleSQL types of Arrow columns."""

from __future__ import annotations

import pyarrow as pa

from mushroom.errors import WarehouseError

__all__ = ["ARROW_TYPES", "googlesql_type", "plain_type"]

ARROW_TYPES = {
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
_OF_ARROW = {kind: name for name, kind in ARROW_TYPES.items()}
_PLAIN = (
    (pa.types.is_integer, pa.int64()),
    (pa.types.is_floating, pa.float64()),
    (pa.types.is_date, pa.date32()),
    (pa.types.is_time, pa.time64("us")),
    (pa.types.is_large_string, pa.string()),
    (pa.types.is_string_view, pa.string()),
    (pa.types.is_large_binary, pa.binary()),
    (pa.types.is_binary_view, pa.binary()),
)
"""Kinds of Arrow types, and the one of each that warehouses speak."""
_NUMERIC_SCALE = 9
_NUMERIC_PRECISION = 38


def googlesql_type(field: pa.Field) -> str:
    """The GoogleSQL type that holds what an Arrow column holds.

    Raises:
        WarehouseError: There is none.

    >>> googlesql_type(pa.field("x", pa.int8())), googlesql_type(pa.field("x", pa.timestamp("ns")))
    ('INT64', 'DATETIME')
    """
    kind = plain_type(field.type)
    if pa.types.is_decimal(kind):
        fits = kind.scale <= _NUMERIC_SCALE and kind.precision <= _NUMERIC_PRECISION
        return "NUMERIC" if fits else "BIGNUMERIC"
    if kind not in _OF_ARROW:
        raise WarehouseError(
            f"The column {field.name!r} is a {field.type}, which cannot be written: it has no "
            "counterpart. Cast it to another type, or leave it out."
        )
    return _OF_ARROW[kind]


def plain_type(kind: pa.DataType) -> pa.DataType:
    """The one type of its kind that a warehouse gives back; what has none stays.

    >>> plain_type(pa.timestamp("ns", tz="Europe/Berlin")), plain_type(pa.large_string())
    (TimestampType(timestamp[us, tz=UTC]), DataType(string))
    """
    if pa.types.is_dictionary(kind):
        return plain_type(kind.value_type)
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", tz="UTC" if kind.tz else None)
    fitting = (plain for is_such, plain in _PLAIN if is_such(kind))
    return next(fitting, kind)
