"""How an entity's events lie in time: gaps between them, runs of days and weeks, parts of the day.

All of it over the widest window, which `seen` is cut to.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from mushroom.features.event_windows.calendar import week_number, weekday
from mushroom.features.event_windows.names import AGE, DAY_NUMBER, HOUR, ROW, UNTIL_DAY
from mushroom.features.event_windows.totals import times_of_events
from mushroom.features.expressions import (
    column,
    count,
    equal,
    named,
    number,
    quotient,
    rank,
    total,
    when,
    whole,
)

__all__ = ["PARTS_OF_DAY", "WEEKDAYS", "gaps", "profile", "runs"]

PARTS_OF_DAY = ("night", "morning", "afternoon", "evening")
"""Six hours each, from midnight on."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_SECOND_US = 1_000_000


def gaps(places: Sequence[int]) -> exp.Select:
    """One row per entity row: whole seconds between successive times of events; ages of the last.

    Args:
        places: Which of the last times to tell the age of: `age_us__2` is that of the last but one.
    """
    ages = exp.Ordered(this=column(AGE))
    older = exp.Window(
        this=exp.Lead(this=column(AGE)),
        partition_by=[column(ROW)],
        order=exp.Order(expressions=[ages]),
    )
    gap = quotient(exp.Sub(this=older, expression=column(AGE)), _SECOND_US)
    spaced = exp.select(
        column(ROW),
        column(AGE),
        named(gap, "gap_s"),
        named(rank(by=[column(ROW)], order=[ages.copy()]), "recent"),
    ).from_(times_of_events(()).subquery("moment"))
    square = exp.Mul(this=whole(column("gap_s")), expression=whole(column("gap_s")))
    return (
        exp.select(
            column(ROW),
            named(exp.Count(this=column("gap_s")), "gaps"),
            named(exp.Sum(this=whole(column("gap_s"))), "sum_s"),
            named(exp.Sum(this=square), "sum_of_squares"),
            named(exp.Max(this=column("gap_s")), "max_s"),
            *(
                named(
                    exp.Max(this=when(equal(column("recent"), number(place)), column(AGE))),
                    f"age_us__{place}",
                )
                for place in places
            ),
        )
        .from_(spaced.subquery("spaced"))
        .group_by(column(ROW))
    )


def runs(*, weeks: bool) -> exp.Select:
    """One row per entity row: runs of successive calendar days, or weeks, that have an event.

    The present run reaches to the unit of `data_until` or to the one before, which may be all that
    could be known at its beginning.
    """
    unit = week_number(column(DAY_NUMBER)) if weeks else column(DAY_NUMBER)
    present = column(UNTIL_DAY, "described")
    until = week_number(present) if weeks else present
    active = exp.select(column(ROW), named(unit, "unit")).distinct().from_("seen")
    place = rank(by=[column(ROW)], order=[exp.Ordered(this=column("unit"))])
    placed = exp.select(
        column(ROW),
        column("unit"),
        named(exp.Sub(this=column("unit"), expression=place), "island"),
    ).from_(active.subquery("active_unit"))
    run = (
        exp.select(
            column(ROW),
            named(count(None), "units"),
            named(exp.Min(this=column("unit")), "first_unit"),
            named(exp.Max(this=column("unit")), "last_unit"),
        )
        .from_(placed.subquery("placed"))
        .group_by(column(ROW), column("island"))
    )
    goes_on = exp.GTE(
        this=column("last_unit", "run"), expression=exp.Sub(this=until, expression=number(1))
    )
    since = exp.Sub(this=until.copy(), expression=column("first_unit", "run"))
    return (
        exp.select(
            column(ROW, "run"),
            named(total(column("units", "run")), "active"),
            named(exp.Max(this=since), "since"),
            named(exp.Max(this=column("units", "run")), "longest"),
            named(exp.Max(this=when(goes_on, column("units", "run"))), "present"),
        )
        .from_(run.subquery("run"))
        .join("described", on=equal(column(ROW, "described"), column(ROW, "run")))
        .group_by(column(ROW, "run"))
    )


def profile(*, hours: bool, weekdays: bool) -> exp.Select:
    """One row per entity row: its events, and those of each part of the day and each weekday."""
    columns = [named(count(None), "events")]
    if hours:
        part = quotient(column(HOUR), 6)
        columns += [_events_of(part, at, name) for at, name in enumerate(PARTS_OF_DAY)]
    if weekdays:
        day = weekday(column(DAY_NUMBER))
        columns += [_events_of(day, at, name) for at, name in enumerate(WEEKDAYS)]
    return exp.select(column(ROW), *columns).from_("seen").group_by(column(ROW))


def _events_of(part: exp.Expr, position: int, name: str) -> exp.Expr:
    return named(count(equal(part.copy(), number(position))), f"events__{name}")
