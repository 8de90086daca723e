"""The catalogue's columns as GoogleSQL expressions over their own table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from sqlglot import exp

from mushroom.catalog.model import Attributes, Column, Events, Measure
from mushroom.errors import CatalogError
from mushroom.googlesql import parse_expression
from mushroom.names import suggest

__all__ = [
    "attribute_value",
    "available_instant",
    "category_value",
    "entity_id",
    "instant",
    "measure_value",
    "not_finite",
    "reference_value",
    "row_filter",
]

T = TypeVar("T")


def entity_id(table: Events | Attributes) -> exp.Expr:
    """The entity's id, an INT64 or a STRING."""
    return _id(table, table.entity)


def instant(table: Events | Attributes, column: str, timezone: str) -> exp.Expr:
    """A column with a time as TIMESTAMP.

    A DATETIME is read in the time zone. A DATE stands for the end of its day: what happened in the
    course of a day is not known at its beginning.

    Raises:
        CatalogError: The column holds no time, or its type is not known.
    """
    node = _column(column)
    zone = exp.Literal.string(timezone)
    match _type(table, column):
        case "TIMESTAMP":
            return node
        case "DATETIME":
            return exp.Timestamp(this=node, zone=zone)
        case "DATE":
            one = exp.Literal.string("1")
            next_day = exp.DateAdd(this=node, expression=one, unit=exp.var("DAY"))
            return exp.Timestamp(this=next_day, zone=zone)
        case other:
            raise CatalogError(
                f"The column {column!r} must hold a time (TIMESTAMP, DATETIME or DATE), "
                f"got {other}."
            )


def available_instant(events: Events, timezone: str) -> exp.Expr:
    """When an event could first be known: `available_at` where mapped, else the event's time."""
    return instant(events, events.available_at or events.time, timezone)


def measure_value(events: Events, name: str) -> exp.Expr:
    """A measure as NUMERIC, rounded to its scale: sums of it are exact in any order.

    A NaN or an infinite number is NULL.

    Raises:
        CatalogError: The table has no such measure.
    """
    measure = _named(events.measures, name, "measure")
    scale = exp.Literal.number(measure.scale)
    return exp.Round(this=_cast(_finite(events, measure), "NUMERIC"), decimals=scale)


def category_value(events: Events, name: str) -> exp.Expr:
    """A category as STRING; a NaN or an infinite number in its column is NULL.

    Raises:
        CatalogError: The table has no such category.
    """
    return _cast(_finite(events, _named(events.categories, name, "category")), "STRING")


def reference_value(events: Events, name: str) -> exp.Expr:
    """The id of the other table's entity, an INT64 or a STRING.

    Raises:
        CatalogError: The table has no such reference.
    """
    return _id(events, _named(events.references, name, "reference").column)


def not_finite(events: Events, names: Iterable[str]) -> exp.Expr | None:
    """Whether a row holds a NaN or an infinite number in any of these measures and categories.

    Returns:
        A condition; None where the types exclude it.
    """
    columns = {**events.measures, **events.categories}
    conditions = [_not_finite(events, columns[name]) for name in names]
    found = [condition for condition in conditions if condition is not None]
    return exp.or_(*found) if found else None


def attribute_value(attributes: Attributes, name: str) -> exp.Expr:
    """An attribute, with the type it has.

    Raises:
        CatalogError: The table has no such column in the catalogue.
    """
    return _value(_named(attributes.columns, name, "column"))


def row_filter(table: Events | Attributes) -> exp.Expr | None:
    """The condition on the table's rows; None: all rows count."""
    return None if table.where is None else exp.paren(parse_expression(table.where))


def _type(table: Events | Attributes, column: str) -> str:
    if column not in table.types:
        raise CatalogError(
            f"The type of the column {column!r} of {table.table!r} is not known; pass the "
            "catalogue through check_catalog first."
        )
    return table.types[column]


def _id(table: Events | Attributes, column: str) -> exp.Expr:
    return _cast(_column(column), "INT64" if _type(table, column) == "INT64" else "STRING")


def _named(columns: Mapping[str, T], name: str, what: str) -> T:
    if name not in columns:
        raise CatalogError(f"There is no {what} named {name!r}; {suggest(name, columns)}")
    return columns[name]


def _value(column: Column) -> exp.Expr:
    if column.column is not None:
        return _column(column.column)
    return parse_expression(str(column.expression))


def _finite(events: Events, column: Column) -> exp.Expr:
    condition = _not_finite(events, column)
    if condition is None:
        return _value(column)
    return exp.If(this=condition, true=exp.null(), false=_value(column))


def _not_finite(events: Events, column: Column) -> exp.Expr | None:
    kind = None if column.column is None else events.types.get(column.column)
    # The type of an expression is not known; that of a measure is a number's.
    is_number_at_least = kind is None and isinstance(column, Measure)
    if kind != "FLOAT64" and not is_number_at_least:
        return None
    value = _cast(_value(column), "FLOAT64") if is_number_at_least else _value(column)
    return exp.or_(exp.IsNan(this=value), exp.IsInf(this=value.copy()))


def _cast(value: exp.Expr, kind: str) -> exp.Cast:
    return exp.Cast(this=value, to=exp.DataType.build(kind, dialect="bigquery"))


def _column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)
