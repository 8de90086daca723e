"""The feature columns, as expressions over what the steps of the query found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sqlglot import exp

from mushroom.features.event_windows.names import category_source, over
from mushroom.features.event_windows.options import EventWindowsOptions
from mushroom.features.event_windows.window import Window
from mushroom.features.expressions import as_float, column, days, divide, number, or_zero

__all__ = ["feature_columns"]

_Named = tuple[str, exp.Expr]


def feature_columns(
    options: EventWindowsOptions, *, measures: Sequence[str], categories: Sequence[str]
) -> Iterator[_Named]:
    """Name and value of every column, in the order of the result."""
    wanted = frozenset(options.aggregates)
    if "recency" in wanted:
        yield "recency", days(column("youngest_us", "totals"))
    if "first_seen" in wanted:
        yield "first_seen", days(column("oldest_us", "totals"))
    for window in options.parsed_windows:
        per_window = (
            *_of_events(window),
            *(pair for name in measures for pair in _of_measure(window, name)),
            *(
                pair
                for at, name in enumerate(categories)
                for pair in _of_category(window, at, name)
            ),
        )
        for parts, value in per_window:
            if parts[-1] in wanted:
                yield ".".join((window.label, *parts)), value
    yield from _trends(options, measures)


def _of_events(window: Window) -> Iterator[tuple[tuple[str, ...], exp.Expr]]:
    yield ("count",), _events(window)
    yield ("active_days",), or_zero(column(over(window, "active_days"), "active"))
    span = exp.Sub(
        this=column(over(window, "first_age_us"), "moments"),
        expression=column(over(window, "last_age_us"), "moments"),
    )
    gaps = exp.Sub(this=column(over(window, "moments"), "moments"), expression=number(1))
    yield ("interval",), divide(days(span), as_float(gaps))


def _of_measure(window: Window, name: str) -> Iterator[tuple[tuple[str, ...], exp.Expr]]:
    known = column(over(window, name, "known"), "totals")
    total = column(over(window, name, "sum"), "totals")
    yield (name, "sum"), _sum(window, name)
    yield (name, "mean"), divide(as_float(total), as_float(known))
    yield (name, "min"), as_float(column(over(window, name, "min"), "totals"))
    yield (name, "max"), as_float(column(over(window, name, "max"), "totals"))
    squares = column(over(window, name, "sum_of_squares"), "totals")
    # n * sum(x^2) - sum(x)^2 is exact in decimals, where the float formula would cancel.
    spread = exp.Sub(
        this=exp.Mul(this=known.copy(), expression=squares),
        expression=exp.Mul(this=total.copy(), expression=total.copy()),
    )
    others = exp.paren(exp.Sub(this=known.copy(), expression=number(1)))
    pairs = exp.Mul(this=known.copy(), expression=others)
    yield (name, "std"), exp.Sqrt(this=divide(as_float(spread), as_float(pairs)))


def _of_category(
    window: Window, position: int, name: str
) -> Iterator[tuple[tuple[str, ...], exp.Expr]]:
    source = category_source(position)
    yield (name, "distinct"), or_zero(column(over(window, "distinct"), source))
    yield (name, "top"), column(over(window, "top"), source)


def _trends(options: EventWindowsOptions, measures: Sequence[str]) -> Iterator[_Named]:
    wanted = frozenset(options.aggregates)
    for short, long in pairwise(options.parsed_windows):
        quantities = [("count", as_float(_events(short)), as_float(_events(long)))] * (
            "count" in wanted
        )
        if "sum" in wanted:
            quantities += [(f"{m}.sum", _sum(short, m), _sum(long, m)) for m in measures]
        for name, recent, whole in quantities:
            prefix = f"{short.label}_of_{long.label}.{name}"
            if "ratio" in options.trend:
                yield f"{prefix}.ratio", divide(recent.copy(), whole.copy())
            if "difference" in options.trend:
                per_day = divide(recent.copy(), _length(short))
                yield (
                    f"{prefix}.difference",
                    exp.Sub(this=per_day, expression=divide(whole.copy(), _length(long))),
                )


def _events(window: Window) -> exp.Expr:
    return or_zero(column(over(window, "events"), "totals"))


def _sum(window: Window, name: str) -> exp.Expr:
    return as_float(or_zero(column(over(window, name, "sum"), "totals")))


def _length(window: Window) -> exp.Expr:
    """Days that the window spans; for the whole history, those since the first event."""
    if window.length_us is None:
        return days(column("oldest_us", "totals"))
    return days(number(window.length_us))
