"""What the calendar and the clock of the catalogue's time zone say of an event's time."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from mushroom.catalog import Catalog
from mushroom.features.event_windows.names import DAY, DAY_NUMBER, HOUR
from mushroom.features.expressions import column, number, quotient

__all__ = ["calendar", "day_number", "has_hours", "week_number", "weekday"]

# From 1970 back to before the year 1, on a Monday: whatever is counted from there is positive.
_BEGINNING = 770_003
_OF_DAYS = frozenset({"weekdays", "streaks", "regularity"})


def calendar(catalog: Catalog, table: str, wanted: Iterable[str]) -> dict[str, exp.Expr]:
    """The columns of an event's time that aggregates need, by name."""
    aggregates = frozenset(wanted)
    zone = catalog.timezone
    time = column("event_time")
    columns = {DAY: _date(time, zone)}
    if not aggregates.isdisjoint(_OF_DAYS):
        # A date stands for the end of its day, which is the beginning of the next one.
        is_end = not has_hours(catalog, table)
        moment = exp.TimestampSub(this=time.copy(), expression=_one(), unit=exp.var("MICROSECOND"))
        columns[DAY_NUMBER] = day_number(moment if is_end else time.copy(), zone)
    if "hours" in aggregates:
        local = _local(time.copy(), zone)
        columns[HOUR] = exp.Extract(this=exp.var("HOUR"), expression=local)
    return columns


def has_hours(catalog: Catalog, table: str) -> bool:
    """Whether the events of a table have a time of day."""
    events = catalog.events(table)
    return events.types.get(events.available_at or events.time) != "DATE"


def day_number(time: exp.Expr, zone: str) -> exp.Expr:
    """The days from 1970 to the calendar day of a TIMESTAMP."""
    return exp.func("UNIX_DATE", _date(time, zone), dialect="bigquery")


def week_number(day: exp.Expr) -> exp.Expr:
    """The number of the week, from Monday to Sunday, of a day's number."""
    return quotient(exp.Add(this=day, expression=number(_BEGINNING)), 7)


def weekday(day: exp.Expr) -> exp.Expr:
    """The weekday of a day's number; 0 is Monday."""
    return exp.Mod(
        this=exp.paren(exp.Add(this=day, expression=number(_BEGINNING))), expression=number(7)
    )


def _date(time: exp.Expr, zone: str) -> exp.Expr:
    # By way of DATETIME: DuckDB converts between time zones once, and not three times.
    return exp.func("DATE", _local(time, zone), dialect="bigquery")


def _local(time: exp.Expr, zone: str) -> exp.Expr:
    return exp.func("DATETIME", time, exp.Literal.string(zone), dialect="bigquery")


def _one() -> exp.Expr:
    return exp.Literal.string("1")
