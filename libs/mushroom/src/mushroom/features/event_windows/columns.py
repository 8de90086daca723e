"""The feature columns, as expressions over what the steps of the query found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sqlglot import exp

from mushroom.features.event_windows.habits import habit_columns
from mushroom.features.event_windows.names import category_source, over
from mushroom.features.event_windows.options import EventWindowsOptions
from mushroom.features.expressions import as_float, column, days, divide, number, or_zero, when
from mushroom.features.windows import Window

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
    yield from habit_columns(options)
    for at, name in enumerate(categories):
        for end in ("first", "last"):
            if end in wanted:
                yield f"{name}.{end}", column(end, category_source(at))
    for window in options.parsed_windows:
        per_window = (
            *_of_events(window),
            *(pair for name in measures for pair in _of_measure(window, name)),
            *(
                pair
                for at, name in enumerate(categories)
                for pair in _of_category(window, at, name, wanted)
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
    yield (name, "mean"), _mean(window, name)
    yield (name, "min"), as_float(column(over(window, name, "min"), "totals"))
    yield (name, "max"), as_float(column(over(window, name, "max"), "totals"))
    yield (name, "known_share"), divide(as_float(known.copy()), as_float(_events(window)))
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
    window: Window, position: int, name: str, wanted: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], exp.Expr]]:
    source = category_source(position)
    yield (name, "distinct"), or_zero(column(over(window, "distinct"), source))
    yield (name, "top"), column(over(window, "top"), source)
    known = as_float(column(over(window, "known"), source))
    if "top_share" in wanted:
        most = as_float(column(over(window, "most"), source))
        yield (name, "top_share"), divide(most, known)
    if "entropy" in wanted:
        several = exp.GT(this=column(over(window, "distinct"), source), expression=number(1))
        weights = divide(as_float(column(over(window, "n_ln_n"), source)), known.copy())
        entropy = exp.Sub(this=exp.Ln(this=known.copy()), expression=weights)
        one = exp.EQ(this=column(over(window, "distinct"), source), expression=number(1))
        yield (name, "entropy"), exp.If(this=several, true=entropy, false=when(one, number(0)))


def _trends(options: EventWindowsOptions, measures: Sequence[str]) -> Iterator[_Named]:
    wanted = frozenset(options.aggregates)
    for short, long in pairwise(options.parsed_windows):
        if (short.times is None) != (long.times is None):
            continue
        prefix = f"{short.label}_of_{long.label}"
        quantities = [("count", as_float(_events(short)), as_float(_events(long)))] * (
            "count" in wanted
        )
        if "sum" in wanted:
            quantities += [(f"{m}.sum", _sum(short, m), _sum(long, m)) for m in measures]
        for name, recent, whole in quantities:
            if "ratio" in options.trend:
                yield f"{prefix}.{name}.ratio", divide(recent.copy(), whole.copy())
            if "difference" in options.trend and short.times is None:
                per_day = divide(recent.copy(), _length(short))
                yield (
                    f"{prefix}.{name}.difference",
                    exp.Sub(this=per_day, expression=divide(whole.copy(), _length(long))),
                )
        if "change" in options.trend and "mean" in wanted:
            for name in measures:
                change = exp.Sub(this=_mean(short, name), expression=_mean(long, name))
                yield f"{prefix}.{name}.mean.change", change


def _mean(window: Window, name: str) -> exp.Expr:
    known = column(over(window, name, "known"), "totals")
    return divide(as_float(column(over(window, name, "sum"), "totals")), as_float(known))


def _events(window: Window) -> exp.Expr:
    return or_zero(column(over(window, "events"), "totals"))


def _sum(window: Window, name: str) -> exp.Expr:
    return as_float(or_zero(column(over(window, name, "sum"), "totals")))


def _length(window: Window) -> exp.Expr:
    """Days that the window spans; for the whole history, those since the first event."""
    if window.length_us is None:
        return days(column("oldest_us", "totals"))
    return days(number(window.length_us))
