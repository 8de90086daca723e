"""Attributes behind a reference: what was known of what an event was about, at its time."""

from __future__ import annotations

from sqlglot import exp

from mushroom.catalog import (
    Attributes,
    Catalog,
    Column,
    Events,
    Measure,
    attribute_rows,
    event_rows,
)
from mushroom.catalog.expressions import category_value, measure_value, not_finite
from mushroom.features.event_windows.names import ODD, category, measure
from mushroom.features.expressions import column, equal, named, number, rank
from mushroom.features.related.options import RelatedOptions
from mushroom.googlesql import base_tables

__all__ = ["as_events", "events_with_attributes"]

_NUMBERS = ("INT64", "FLOAT64", "NUMERIC", "BIGNUMERIC")
_TEXTS = ("STRING", "BOOL")
_SCALE = 4


def as_events(table: Attributes, options: RelatedOptions) -> Events:
    """The table's columns in the roles of measures, of four decimals, and categories.

    Where the options name none, these are the columns that hold numbers, and those with texts.
    """
    kinds = {
        name: table.types.get(value.column) if value.column is not None else None
        for name, value in table.columns.items()
        if value.known_at is None
    }
    numbers = options.measures or [name for name, kind in kinds.items() if kind in _NUMBERS]
    texts = options.categories or [name for name, kind in kinds.items() if kind in _TEXTS]
    return Events.model_construct(
        kind="events",
        table=table.table,
        entity=table.entity,
        types=table.types,
        measures={n: _measure(table.columns[n]) for n in numbers if n in table.columns},
        categories={n: table.columns[n] for n in texts if n in table.columns},
    )


def events_with_attributes(
    options: RelatedOptions,
    catalog: Catalog,
    *,
    measures: tuple[str, ...],
    categories: tuple[str, ...],
) -> exp.Select:
    """The events, read from `links`, each with what it referred to was then: `attributes`.

    An event whose reference is missing, or of which nothing was known yet, has NULLs.
    """
    reference = options.reference
    target = catalog.events(options.table).references[reference].table
    link = event_rows(catalog, options.table, references=[reference])
    for node in base_tables(link):
        node.set("this", exp.to_identifier("links"))
    versioned = catalog.attributes(target).valid_from is not None
    versions = _versions(options, catalog, target, measures=measures, categories=categories)
    on: exp.Expr = equal(column("id", "version"), column(reference, "link"))
    if versioned:
        time, until = column("event_time", "link"), column("valid_until", "version")
        since = exp.LTE(this=column("valid_from", "version"), expression=time)
        ends = exp.or_(
            exp.Is(this=until, expression=exp.null()),
            exp.LT(this=time.copy(), expression=until.copy()),
        )
        on = exp.and_(on, since, ends)
    values = [n for n in versions.named_selects if n not in ("id", "valid_from", "valid_until")]
    return (
        exp.select(
            column("entity_id", "link"),
            column("event_time", "link"),
            *(column(name, "version") for name in values),
        )
        .from_(link.subquery("link"))
        .join(versions.subquery("version"), on=on, join_type="left")
    )


def _versions(
    options: RelatedOptions,
    catalog: Catalog,
    target: str,
    *,
    measures: tuple[str, ...],
    categories: tuple[str, ...],
) -> exp.Select:
    """One row for each id, and each time from which something new was known of it."""
    table = catalog.attributes(target)
    described = as_events(table, options)
    # For the time from when all that is read of a row is known; the values stand in other roles.
    rows = attribute_rows(catalog, target, columns=(*measures, *categories))
    rows.set("expressions", rows.expressions[: 1 if table.valid_from is None else 2])
    for node in base_tables(rows):
        node.set("this", exp.to_identifier("attributes"))
    values = {measure(name): measure_value(described, name) for name in measures}
    values |= {category(name): category_value(described, name) for name in categories}
    odd = not_finite(described, (*measures, *categories))
    if odd is not None:
        values[ODD] = odd
    rows = rows.select(*(named(value, name) for name, value in values.items()), copy=False)
    keys = [column("entity_id")]
    if table.valid_from is not None:
        keys.append(column("valid_from"))
    order = [exp.Ordered(this=column(name), nulls_first=False) for name in values]
    # Of several rows that hold alike, the one with the smallest values counts, NULLs last.
    best = rank(by=keys, order=order or [exp.Ordered(this=column("entity_id"))])
    placed = exp.select(exp.Star(), named(best, "place")).from_(rows.subquery("row"))
    selected = [named(column("entity_id"), "id"), *map(column, values)]
    if table.valid_from is not None:
        next_time = exp.Window(
            this=exp.Lead(this=column("valid_from")),
            partition_by=[column("entity_id")],
            order=exp.Order(expressions=[exp.Ordered(this=column("valid_from"))]),
        )
        selected += [column("valid_from"), named(next_time, "valid_until")]
    one = equal(column("place"), number(1))
    return exp.select(*selected).from_(placed.subquery("placed")).where(one)


def _measure(value: Column) -> Measure:
    return Measure(column=value.column, expression=value.expression, scale=_SCALE)
