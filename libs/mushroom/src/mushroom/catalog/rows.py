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
        (TIMESTAMP: when the event could first be known), each measure (NUMERIC, rounded to its
        scale), each category (STRING) and each reference (INT64 or STRING); a NaN or an infinite
        number is NULL. Rows without an entity or a time are left out.

    Raises:
        CatalogError: The table, or one of the names, is unknown.
    """
    events = catalog.events(table)
    select = exp.select(
        exp.alias_(entity_id(events), "entity_id", quoted=True),
        exp.alias_(available_instant(events, catalog.timezone), "event_time", quoted=True),
        *(exp.alias_(measure_value(events, name), name, quoted=True) for name in measures),
        *(exp.alias_(category_value(events, name), name, quoted=True) for name in categories),
        *(exp.alias_(reference_value(events, name), name, quoted=True) for name in references),
    )
    return _known(select, table, events, events.available_at or events.time)


def attribute_rows(catalog: Catalog, table: str, *, columns: Sequence[str]) -> exp.Select:
    """The rows of an attributes table under standard names.

    Returns:
        A SELECT from the relation `table` with `entity_id`, `valid_from` (TIMESTAMP; only where the
        table has versions) and the columns asked for, with the types they have. Rows without an
        entity, or without a time in a table with versions, are left out.

    Raises:
        CatalogError: The table or a column is unknown.
    """
    attributes = catalog.attributes(table)
    select = exp.select(exp.alias_(entity_id(attributes), "entity_id", quoted=True))
    if attributes.valid_from is not None:
        since = instant(attributes, attributes.valid_from, catalog.timezone)
        select = select.select(exp.alias_(since, "valid_from", quoted=True))
    values = (exp.alias_(attribute_value(attributes, name), name, quoted=True) for name in columns)
    return _known(select.select(*values), table, attributes, attributes.valid_from)


def _known(
    select: exp.Select, name: str, table: Events | Attributes, time: str | None
) -> exp.Select:
    """The select over the table's rows that have an entity and, if it is needed, a time."""
    conditions: list[exp.Expr] = [
        exp.Not(this=exp.Is(this=exp.column(column, quoted=True), expression=exp.Null()))
        for column in (table.entity, time)
        if column is not None
    ]
    if (condition := row_filter(table)) is not None:
        conditions.append(condition)
    relation = exp.Table(this=exp.to_identifier(name, quoted=True))
    return select.from_(relation).where(*conditions)
