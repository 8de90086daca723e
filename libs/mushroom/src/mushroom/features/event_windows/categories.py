"""Aggregates over the values of one category: how many there are, and the most frequent."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from mushroom.features.event_windows.names import ROW, category, over
from mushroom.features.event_windows.seen import in_window
from mushroom.features.event_windows.window import Window
from mushroom.features.expressions import column, count, named, number, rank, when

__all__ = ["category_values"]


def category_values(windows: Sequence[Window], name: str) -> exp.Select:
    """One row per entity row: distinct values and the top value of the category, per window.

    The top value is the one with the most events; among equals, the smallest string.
    """
    return (
        exp.select(
            column(ROW),
            *(named(_distinct(window), over(window, "distinct")) for window in windows),
            *(named(_top(window), over(window, "top")) for window in windows),
        )
        .from_(_ranked(windows, name).subquery("ranked"))
        .group_by(column(ROW))
    )


def _counted(windows: Sequence[Window], name: str) -> exp.Select:
    value = column(category(name))
    return (
        exp.select(
            column(ROW),
            named(value, "value"),
            *(named(count(in_window(window)), over(window, "events")) for window in windows),
        )
        .from_("seen")
        .where(exp.Not(this=exp.Is(this=value.copy(), expression=exp.null())))
        .group_by(column(ROW), value.copy())
    )


def _ranked(windows: Sequence[Window], name: str) -> exp.Select:
    ranks = [
        named(
            rank(
                by=[column(ROW)],
                order=[
                    exp.Ordered(this=column(over(window, "events")), desc=True),
                    exp.Ordered(this=column("value")),
                ],
            ),
            over(window, "rank"),
        )
        for window in windows
    ]
    return exp.select(exp.Star(), *ranks).from_(_counted(windows, name).subquery("counted"))


def _occurs(window: Window) -> exp.Expr:
    return exp.GT(this=column(over(window, "events")), expression=number(0))


def _distinct(window: Window) -> exp.Expr:
    return count(_occurs(window))


def _top(window: Window) -> exp.Expr:
    first = exp.EQ(this=column(over(window, "rank")), expression=number(1))
    return exp.Max(this=when(exp.and_(first, _occurs(window)), column("value")))
