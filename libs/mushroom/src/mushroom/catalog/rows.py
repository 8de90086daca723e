"""The catalogue's tables under standard column names; feature methods read these."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from mushroom.catalog.expressions import (
    attribute_value,
    available_instant,
    category_value,
    entity_id,
    instant,
    measure_value,
    reference_value,
    row_filter,
)
from mushroom.catalog.later import known_instants, latest_of, named_columns, times_needed
from mushroom.catalog.model import Attributes, Catalog, Events

__all__ = ["attribute_rows", "event_rows"]


def event_rows(
    catalog: Catalog,
    table: str,
    *,
    measures: Sequence[str] = (),
    categories: Sequence[str] = (),
    references: Sequence[str] = (),
) -> exp.Select:
    """The events of a table under standard names.

    Args:
        catalog: A catalogue that was checked against a warehouse.
        table: The logical name of an events table.
        measures: The measures wanted.
        categories: The categories wanted.
        references: The references wanted.

    Returns:
        A SELECT from the relation `table` with `entity_id` (INT64 or STRING), `event_time`
        (TIMESTAMP: when the event, and all that is wanted of it, could first be known), each
        measure (NUMERIC, rounded to its scale), each category (STRING) and each reference (INT64 or
        STRING); a NaN or an infinite number is NULL. Rows without an entity or a time are left out.

    Raises:
        CatalogError: The table, or one of the names, is unknown.
    """
    events = catalog.events(table)
    named = [
        *named_columns(events.measures, measures, "measure"),
        *named_columns(events.categories, categories, "category"),
    ]
    entity, available = entity_id(events), available_instant(events, catalog.timezone)
    later = known_instants(events, named, row_time=events.time, timezone=catalog.timezone)
    select = exp.select(
        exp.alias_(entity, "entity_id", quoted=True),
        exp.alias_(latest_of(available, *later), "event_time", quoted=True),
        *(exp.alias_(measure_value(events, name), name, quoted=True) for name in measures),
        *(exp.alias_(category_value(events, name), name, quoted=True) for name in categories),
        *(exp.alias_(reference_value(events, name), name, quoted=True) for name in references),
    )
    times = [events.available_at or events.time, *times_needed(named, row_time=events.time)]
    return _known(select, table, events, times)


def attribute_rows(catalog: Catalog, table: str, *, columns: Sequence[str]) -> exp.Select:
    """The rows of an attributes table under standard names.

    Returns:
        A SELECT from the relation `table` with `entity_id`, `valid_from` (TIMESTAMP: since when all
        that is wanted of the row is known; only where the table has versions) and the columns asked
        for, with the types they have. Rows without an entity, or without a time in a table with
        versions, are left out.

    Raises:
        CatalogError: The table or a column is unknown.
    """
    attributes = catalog.attributes(table)
    select = exp.select(exp.alias_(entity_id(attributes), "entity_id", quoted=True))
    named = named_columns(attributes.columns, columns, "column")
    times: list[str] = []
    if attributes.valid_from is not None:
        row_time, zone = attributes.valid_from, catalog.timezone
        later = known_instants(attributes, named, row_time=row_time, timezone=zone)
        since = latest_of(instant(attributes, row_time, zone), *later)
        times = [row_time, *times_needed(named, row_time=row_time)]
        select = select.select(exp.alias_(since, "valid_from", quoted=True))
    values = (exp.alias_(attribute_value(attributes, name), name, quoted=True) for name in columns)
    return _known(select.select(*values), table, attributes, times)


def _known(
    select: exp.Select, name: str, table: Events | Attributes, times: Sequence[str]
) -> exp.Select:
    """The select over the table's rows that have an entity and the times that are needed."""
    conditions: list[exp.Expr] = [
        exp.Not(this=exp.Is(this=exp.column(column, quoted=True), expression=exp.Null()))
        for column in dict.fromkeys((table.entity, *times))
    ]
    if (condition := row_filter(table)) is not None:
        conditions.append(condition)
    relation = exp.Table(this=exp.to_identifier(name, quoted=True))
    return select.from_(relation).where(*conditions)
