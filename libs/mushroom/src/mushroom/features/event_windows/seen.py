"""The rows that everything is counted from: one per entity row and event that it may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from mushroom.catalog import Catalog, event_rows
from mushroom.catalog.expressions import not_finite
from mushroom.features.event_windows.calendar import day_number
from mushroom.features.event_windows.names import (
    AGE,
    ODD,
    PLACE,
    ROW,
    UNTIL_DAY,
    category,
    measure,
)
from mushroom.features.expressions import (
    column,
    dense_rank,
    equal,
    micros,
    named,
    number,
    rank,
)
from mushroom.features.windows import Window, widest
from mushroom.googlesql import base_tables, sparing

__all__ = ["described", "event_source", "history", "in_window", "seen"]


def described(zone: str | None = None) -> exp.Select:
    """The entity rows, numbered in their order, with their times in microseconds.

    Args:
        zone: The time zone of the calendar in which to tell the day of `data_until`; None: of none.
    """
    order = [exp.Ordered(this=column("entity_id")), exp.Ordered(this=column("as_of"))]
    day = () if zone is None else (named(day_number(column("data_until"), zone), UNTIL_DAY),)
    return exp.select(
        named(rank(order=order), ROW),
        column("entity_id"),
        column("as_of"),
        named(micros(column("as_of")), "as_of_us"),
        named(micros(column("data_until")), "until_us"),
        *day,
    ).from_("entities")


def event_source(
    catalog: Catalog, table: str, *, measures: Sequence[str], categories: Sequence[str]
) -> exp.Select:
    """The events of a table, read from the relation `events`, under names that none shares.

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
    return rows


def history(
    source: exp.Select, *, calendar: Mapping[str, exp.Expr], rows: str = "described"
) -> exp.Select:
    """The events of the entities at hand, whenever they happened.

    Args:
        source: Events with `entity_id` (the first column), `event_time`, and what else is wanted of
            them.
        calendar: What to tell of an event's time, by name.
        rows: The step with the entities.
    """
    known = exp.Subquery(this=exp.select(column("entity_id", rows)).from_(rows))
    others = [name for name in source.named_selects if name not in ("entity_id", "event_time")]
    # Before anything is made of their columns, so that those of others cost but their reading.
    asked = exp.In(this=source.selects[0].unalias(), query=known)
    # Who is reached is nobody by whom a table is cut.
    mine = source.where(sparing(asked) if rows == "described" else asked)
    return exp.select(
        column("entity_id"),
        named(micros(column("event_time")), "time_us"),
        *(named(value, name) for name, value in calendar.items()),
        *map(column, others),
    ).from_(mine.subquery("event"))


def seen(past: exp.Select, windows: Sequence[Window], *, rows: str = "described") -> exp.Select:
    """Each entity row beside every event that it may see, with the event's age at ``as_of``.

    Args:
        past: The step `history`, as `history` gives it.
        windows: The windows asked for; events beyond all of them are left out, and windows of a
            number of times make `PLACE` a column.
        rows: The step with the entity rows.
    """
    columns = [name for name in past.named_selects if name not in ("entity_id", "time_us")]
    reach = widest(windows)
    age = exp.Sub(this=column("as_of_us", rows), expression=column("time_us", "history"))
    until = exp.LTE(this=column("time_us", "history"), expression=column("until_us", rows))
    same = equal(column("entity_id", "history"), column("entity_id", rows))
    query = (
        exp.select(
            column(ROW, rows),
            named(age, AGE),
            *(column(name, "history") for name in columns),
        )
        .from_(rows)
        .join("history", on=exp.and_(same, until))
    )
    if any(window.times is not None for window in windows):
        place = dense_rank(by=column(ROW, rows), order=age.copy())
        query = query.select(named(place, PLACE), copy=False)
    if reach.length_us is None:
        return query
    return query.where(exp.LT(this=age.copy(), expression=number(reach.length_us)))


def in_window(window: Window) -> exp.Expr | None:
    """Whether an event of this age lies in the window; ``None`` where every event does."""
    if window.times is not None:
        return exp.LTE(this=column(PLACE), expression=number(window.times))
    if window.length_us is None:
        return None
    return exp.LT(this=column(AGE), expression=number(window.length_us))
