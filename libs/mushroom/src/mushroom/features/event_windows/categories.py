"""Aggregates over the values of one category: how many there are, which, and how evenly spread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from sqlglot import exp

from mushroom.features.event_windows.names import AGE, ROW, category, over
from mushroom.features.event_windows.seen import in_window
from mushroom.features.event_windows.window import Window
from mushroom.features.expressions import as_float, column, count, equal, named, number, rank, when

__all__ = ["category_values"]


def category_values(windows: Sequence[Window], name: str, wanted: AbstractSet[str]) -> exp.Select:
    """One row per entity row: what the aggregates need of the values of the category.

    Per window the number of distinct values, and the top one, which has the most events (among
    equals, the smallest string). Where wanted, too: per window all events with a value, those of
    the top one, and the sum of `n * ln(n)` over the numbers of events of the values, of nine
    decimals, so that it does not depend on their order; over the widest window the values of the
    first and the last event (of several at one time, the smallest string).
    """
    found = exp.select(
        column(ROW),
        *(named(_distinct(window), over(window, "distinct")) for window in windows),
        *(named(_top(window), over(window, "top")) for window in windows),
        *(c for window in windows for c in _spread(window, wanted)),
    )
    for end in _ends(wanted):
        is_first = equal(column(f"{end}_rank"), number(1))
        found = found.select(named(exp.Max(this=when(is_first, column("value"))), end), copy=False)
    return found.from_(_ranked(windows, name, wanted).subquery("ranked")).group_by(column(ROW))


def _spread(window: Window, wanted: AbstractSet[str]) -> Iterator[exp.Expr]:
    events = column(over(window, "events"))
    if wanted & {"top_share", "entropy"}:
        yield named(exp.Sum(this=events), over(window, "known"))
        yield named(exp.Max(this=events.copy()), over(window, "most"))
    if "entropy" in wanted:
        # The logarithm of zero is an error, even where it would not be used.
        some = exp.If(this=_occurs(window), true=events.copy(), false=number(1))
        log = exp.Ln(this=as_float(some))
        weight = exp.cast(
            exp.Mul(this=as_float(events.copy()), expression=log),
            exp.DataType.build("NUMERIC", dialect="bigquery"),
        )
        exact = exp.Round(this=weight, decimals=number(9))
        yield named(exp.Sum(this=exact), over(window, "n_ln_n"))


def _ends(wanted: AbstractSet[str]) -> list[str]:
    return [end for end in ("first", "last") if end in wanted]


def _counted(windows: Sequence[Window], name: str, wanted: AbstractSet[str]) -> exp.Select:
    value = column(category(name))
    extremes = {"first": exp.Max, "last": exp.Min}
    return (
        exp.select(
            column(ROW),
            named(value, "value"),
            *(named(count(in_window(window)), over(window, "events")) for window in windows),
            *(named(extremes[end](this=column(AGE)), f"{end}_age_us") for end in _ends(wanted)),
        )
        .from_("seen")
        .where(exp.Not(this=exp.Is(this=value.copy(), expression=exp.null())))
        .group_by(column(ROW), value.copy())
    )


def _ranked(windows: Sequence[Window], name: str, wanted: AbstractSet[str]) -> exp.Select:
    ranks = [
        named(_place(over(window, "events"), descends=True), over(window, "rank"))
        for window in windows
    ]
    ranks += [
        named(_place(f"{end}_age_us", descends=end == "first"), f"{end}_rank")
        for end in _ends(wanted)
    ]
    counted = _counted(windows, name, wanted)
    return exp.select(exp.Star(), *ranks).from_(counted.subquery("counted"))


def _place(by: str, *, descends: bool) -> exp.Expr:
    order = [exp.Ordered(this=column(by), desc=descends), exp.Ordered(this=column("value"))]
    return rank(by=[column(ROW)], order=order)


def _occurs(window: Window) -> exp.Expr:
    return exp.GT(this=column(over(window, "events")), expression=number(0))


def _distinct(window: Window) -> exp.Expr:
    return count(_occurs(window))


def _top(window: Window) -> exp.Expr:
    first = exp.EQ(this=column(over(window, "rank")), expression=number(1))
    return exp.Max(this=when(exp.and_(first, _occurs(window)), column("value")))
