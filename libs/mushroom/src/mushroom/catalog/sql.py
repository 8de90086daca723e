"""The catalogue's tables as queries with standard column names; feature methods build on these."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from mushroom.catalog.model import Attributes, Catalog, Column, Events
from mushroom.errors import CatalogError
from mushroom.names import suggest
from mushroom.query import PhysicalTable, parse_expression

__all__ = ["attribute_rows", "event_rows", "instant", "physical_table"]


def event_rows(
    catalog: Catalog, table: str, *, measures: Sequence[str] = (), categories: Sequence[str] = ()
) -> exp.Select:
    """The events of a table under standard names.

    Args:
        catalog: a catalogue that was checked against a warehouse.
        table: the logical name of an events table.
        measures: the measures wanted.
        categories: the categories wanted.

    Returns:
        A SELECT from the relation ``table`` with the columns ``entity_id`` (INT64 or STRING), ``event_time``
        (TIMESTAMP: when the event could be known), each measure (NUMERIC, rounded to its scale) and each
        category (STRING). Rows without an entity or a time are left out.

    Raises:
        CatalogError: the table, a measure or a category is unknown.
    """
    events = catalog.events(table)
    time = events.available_at or events.time
    select = exp.select(
        exp.alias_(_entity(events), "entity_id", quoted=True),
        exp.alias_(instant(events.types, time, catalog.timezone), "event_time", quoted=True),
    )
    for name in measures:
        measure = _named(events.measures, name, f"measure of {table}")
        number = exp.Cast(
            this=_value(measure), to=exp.DataType.build("NUMERIC", dialect="bigquery")
        )
        rounded = exp.func("ROUND", number, exp.Literal.number(measure.scale), dialect="bigquery")
        select = select.select(exp.alias_(rounded, name, quoted=True))
    for name in categories:
        category = _named(events.categories, name, f"category of {table}")
        select = select.select(exp.alias_(_text(category, events.types), name, quoted=True))
    return _from(select, table, events, [_column(events.entity), _column(time)])


def attribute_rows(catalog: Catalog, table: str, *, columns: Sequence[str]) -> exp.Select:
    """The rows of an attributes table under standard names.

    Returns:
        A SELECT from the relation ``table`` with ``entity_id``, ``valid_from`` (TIMESTAMP; only where the
        table has versions) and the columns asked for, with the types they have. Rows without an entity, or
        without a time in a table with versions, are left out.

    Raises:
        CatalogError: the table or a column is unknown.
    """
    attributes = catalog.attributes(table)
    select = exp.select(exp.alias_(_entity(attributes), "entity_id", quoted=True))
    needed = [_column(attributes.entity)]
    if attributes.valid_from is not None:
        since = instant(attributes.types, attributes.valid_from, catalog.timezone)
        select = select.select(exp.alias_(since, "valid_from", quoted=True))
        needed.append(_column(attributes.valid_from))
    for name in columns:
        column = _named(attributes.columns, name, f"column of {table}")
        select = select.select(exp.alias_(_value(column), name, quoted=True))
    return _from(select, table, attributes, needed)


def instant(types: dict[str, str], column: str, timezone: str) -> exp.Expression:
    """The TIMESTAMP from which on a row with this time may be used.

    A DATETIME is read in the time zone. A DATE is over, and only then known, at the end of its day.

    Raises:
        CatalogError: the column's type is not known, or holds no time.
    """
    node = _column(column)
    zone = exp.Literal.string(timezone)
    match types.get(column):
        case "TIMESTAMP":
            return node
        case "DATETIME":
            return exp.Timestamp(this=node, zone=zone)
        case "DATE":
            one_day = exp.Interval(this=exp.Literal.string("1"), unit=exp.var("DAY"))
            next_day = exp.DateAdd(this=node, expression=one_day.this, unit=exp.var("DAY"))
            return exp.Timestamp(this=next_day, zone=zone)
        case None:
            raise CatalogError(
                f"The type of the column {column!r} is not known; pass the catalogue through check_catalog first."
            )
        case other:
            raise CatalogError(
                f"The column {column!r} must hold a time (TIMESTAMP, DATETIME or DATE), got {other}."
            )


def physical_table(catalog: Catalog, table: str) -> PhysicalTable:
    """What a logical name stands for, for a query's relations."""
    return PhysicalTable(name=catalog.tables[table].table)


def _entity(table: Events | Attributes) -> exp.Expression:
    kind = "INT64" if table.types.get(table.entity) == "INT64" else "STRING"
    return exp.Cast(this=_column(table.entity), to=exp.DataType.build(kind, dialect="bigquery"))


def _from(
    select: exp.Select, name: str, table: Events | Attributes, needed: list[exp.Expression]
) -> exp.Select:
    conditions = [exp.Not(this=exp.Is(this=column, expression=exp.Null())) for column in needed]
    if table.where is not None:
        conditions.append(exp.paren(parse_expression(table.where)))
    return select.from_(exp.Table(this=exp.to_identifier(name, quoted=True))).where(*conditions)


def _named(columns: dict[str, Column], name: str, what: str) -> Column:
    if name not in columns:
        raise CatalogError(f"There is no {what} named {name!r}; {suggest(name, columns)}")
    return columns[name]


def _value(column: Column) -> exp.Expression:
    if column.column is not None:
        return _column(column.column)
    assert column.expression is not None
    return parse_expression(column.expression)


def _text(column: Column, types: dict[str, str]) -> exp.Expression:
    value = _value(column)
    if column.column is not None and types.get(column.column) == "STRING":
        return value
    return exp.Cast(this=value, to=exp.DataType.build("STRING", dialect="bigquery"))


def _column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)
