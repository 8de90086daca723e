"""Aggregates over the events themselves: their number, their ages and their measures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlglot import exp

from mushroom.features.event_windows.names import AGE, ODD, PLACE, ROW, measure, over
from mushroom.features.event_windows.seen import in_window
from mushroom.features.expressions import column, count, named, when
from mushroom.features.windows import Window

__all__ = ["active_days", "moments", "times_of_events", "totals"]


def totals(windows: Iterable[Window], measures: Iterable[str], *, counts_odd: bool) -> exp.Select:
    """One row per entity row that has events: counts, and exact sums and extremes of measures.

    Args:
        windows: The windows.
        measures: The measures.
        counts_odd: Whether to count the events with a value that is not finite.
    """
    names = tuple(measures)
    columns = [
        aliased
        for window in windows
        for aliased in (_events(window), *(c for name in names for c in _measure(window, name)))
    ]
    return (
        exp.select(
            column(ROW),
            named(exp.Min(this=column(AGE)), "youngest_us"),
            named(exp.Max(this=column(AGE)), "oldest_us"),
            *((named(count(column(ODD)), ODD),) if counts_odd else ()),
            *columns,
        )
        .from_("seen")
        .group_by(column(ROW))
    )


def moments(windows: Sequence[Window]) -> exp.Select:
    """One row per entity row: the distinct times of its events: how many, first, last."""
    distinct = times_of_events(windows)
    columns: list[exp.Expr] = []
    for window in windows:
        age = when(in_window(window), column(AGE))
        columns += [
            named(count(in_window(window)), over(window, "moments")),
            named(exp.Max(this=age), over(window, "first_age_us")),
            named(exp.Min(this=age.copy()), over(window, "last_age_us")),
        ]
    return (
        exp.select(column(ROW), *columns).from_(distinct.subquery("moment")).group_by(column(ROW))
    )


def times_of_events(windows: Iterable[Window]) -> exp.Select:
    """The distinct times of each entity row's events, and what the windows ask of them."""
    return exp.select(column(ROW), *map(column, _ages(windows))).distinct().from_("seen")


def active_days(windows: Sequence[Window]) -> exp.Select:
    """One row per entity row: the number of calendar days with an event in the window."""
    days = (
        exp.select(
            column(ROW),
            column("day"),
            *(named(exp.Min(this=column(name)), name) for name in _ages(windows)),
        )
        .from_("seen")
        .group_by(column(ROW), column("day"))
    )
    columns = [named(count(in_window(window)), over(window, "active_days")) for window in windows]
    return exp.select(column(ROW), *columns).from_(days.subquery("day")).group_by(column(ROW))


def _ages(windows: Iterable[Window]) -> tuple[str, ...]:
    return (AGE, PLACE) if any(window.times is not None for window in windows) else (AGE,)


def _events(window: Window) -> exp.Expr:
    return named(count(in_window(window)), over(window, "events"))


def _measure(window: Window, name: str) -> Iterator[exp.Expr]:
    value = when(in_window(window), column(measure(name)))
    square = when(
        in_window(window), exp.Mul(this=column(measure(name)), expression=column(measure(name)))
    )
    yield named(exp.Count(this=value), over(window, name, "known"))
    yield named(exp.Sum(this=value.copy()), over(window, name, "sum"))
    yield named(exp.Sum(this=square), over(window, name, "sum_of_squares"))
    yield named(exp.Min(this=value.copy()), over(window, name, "min"))
    yield named(exp.Max(this=value.copy()), over(window, name, "max"))
