"""The rows that everything is counted from: one per entity row and event that it may see."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from mushroom.catalog import Catalog, event_rows
from mushroom.catalog.expressions import not_finite
from mushroom.features.event_windows.names import AGE, DAY, ODD, ROW, category, measure
from mushroom.features.event_windows.window import Window
from mushroom.features.expressions import column, equal, micros, named, number, rank
from mushroom.googlesql import base_tables

__all__ = ["described", "history", "in_window", "seen"]


def described() -> exp.Select:
    """The entity rows, numbered in their order, with their times in microseconds."""
    order = [exp.Ordered(this=column("entity_id")), exp.Ordered(this=column("as_of"))]
    return exp.select(
        named(rank(order=order), ROW),
        column("entity_id"),
        column("as_of"),
        named(micros(column("as_of")), "as_of_us"),
        named(micros(column("data_until")), "until_us"),
    ).from_("entities")


def history(
    catalog: Catalog, table: str, *, measures: Sequence[str], categories: Sequence[str]
) -> exp.Select:
    """The events of the entities at hand, whenever they happened.

    Where the types of the measures and categories allow it, `ODD` says whether one of them is a
    NaN or an infinite number, which is missing in its own column.
    """
    rows = event_rows(catalog, table, measures=measures, categories=categories)
    for node in base_tables(rows):
        node.set("this", exp.to_identifier("events"))
    names = ("entity_id", "event_time", *map(measure, measures), *map(category, categories))
    # A measure and a category may share a name: from here on each has one of its own.
    rows.set(
        "expressions",
        [named(value.unalias(), name) for value, name in zip(rows.expressions, names, strict=True)],
    )
    odd = not_finite(catalog.events(table), (*measures, *categories))
    if odd is not None:
        rows = rows.select(named(odd, ODD), copy=False)
    known = exp.select(column("entity_id", "described")).from_("described")
    return (
        exp.select(
            column("entity_id"),
            named(micros(column("event_time")), "time_us"),
            named(_day(catalog), DAY),
            *(column(name) for name in names[2:]),
            *((column(ODD),) if odd is not None else ()),
        )
        .from_(rows.subquery("event"))
        .where(exp.In(this=column("entity_id"), query=exp.Subquery(this=known)))
    )


def seen(*, widest: Window, columns: Sequence[str]) -> exp.Select:
    """Each entity row beside every event that it may see, with the event's age at ``as_of``."""
    age = exp.Sub(this=column("as_of_us", "described"), expression=column("time_us", "history"))
    until = exp.LTE(this=column("time_us", "history"), expression=column("until_us", "described"))
    same = equal(column("entity_id", "history"), column("entity_id", "described"))
    query = (
        exp.select(
            column(ROW, "described"),
            named(age, AGE),
            *(column(name, "history") for name in columns),
        )
        .from_("described")
        .join("history", on=exp.and_(same, until))
    )
    if widest.length_us is None:
        return query
    return query.where(exp.LT(this=age.copy(), expression=number(widest.length_us)))


def in_window(window: Window) -> exp.Expr | None:
    """Whether an event of this age lies in the window; ``None`` where every event does."""
    if window.length_us is None:
        return None
    return exp.LT(this=column(AGE), expression=number(window.length_us))


def _day(catalog: Catalog) -> exp.Expr:
    zone = exp.Literal.string(catalog.timezone)
    return exp.func("DATE", column("event_time"), zone, dialect="bigquery")
