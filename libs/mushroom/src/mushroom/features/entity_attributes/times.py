"""Attributes that hold a time, such as the day somebody signed up."""

from __future__ import annotations

from sqlglot import exp

from mushroom.catalog import Attributes
from mushroom.features.expressions import micros

__all__ = ["as_micros", "is_time"]

_TIMES = ("TIMESTAMP", "DATETIME", "DATE")


def is_time(table: Attributes, name: str) -> bool:
    """Whether a column of the catalogue is a column of the table that holds a time."""
    return _type(table, name) in _TIMES


def as_micros(table: Attributes, name: str, value: exp.Expr, *, zone: str) -> exp.Expr:
    """The time in microseconds since 1970; a date is the start of its day in the zone."""
    if _type(table, name) != "TIMESTAMP":
        value = exp.Timestamp(this=value, zone=exp.Literal.string(zone))
    return micros(value)


def _type(table: Attributes, name: str) -> str | None:
    column = table.columns[name].column
    return None if column is None else table.types.get(column)
