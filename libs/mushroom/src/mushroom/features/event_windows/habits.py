"""The feature columns that tell how an entity's events lie in time, over the widest window."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from mushroom.features.event_windows.options import EventWindowsOptions
from mushroom.features.event_windows.spacing import PARTS_OF_DAY, WEEKDAYS
from mushroom.features.expressions import as_float, column, days, divide, number, or_zero

__all__ = ["habit_columns"]

_Named = tuple[str, exp.Expr]
_DAY_S = 86_400


def habit_columns(options: EventWindowsOptions) -> Iterator[_Named]:
    """Name and value of every such column that the options ask for."""
    wanted = frozenset(options.aggregates)
    if "last_times" in wanted:
        for place in options.last_times:
            yield f"recency.{place}", days(column(f"age_us__{place}", "gaps"))
    if "gaps" in wanted:
        yield "gaps.mean", _in_days(_mean_gap())
        yield "gaps.std", _in_days(_std_of_gaps())
        yield "gaps.max", _in_days(as_float(column("max_s", "gaps")))
        youngest_s = divide(as_float(column("youngest_us", "totals")), as_float(number(10**6)))
        yield "gaps.present_of_mean", divide(youngest_s, _mean_gap())
    if "regularity" in wanted:
        weeks = exp.Add(this=column("since", "weeks"), expression=number(1))
        yield "regularity.weeks", divide(as_float(column("active", "weeks")), as_float(weeks))
        yield "regularity.gaps", divide(_std_of_gaps(), _mean_gap())
    if "streaks" in wanted:
        for unit in ("days", "weeks"):
            for which in ("longest", "present"):
                yield f"streaks.{unit}.{which}", or_zero(column(which, unit))
    if "hours" in wanted:
        yield from (_share("hours", part) for part in PARTS_OF_DAY)
    if "weekdays" in wanted:
        yield from (_share("weekdays", day) for day in WEEKDAYS)


def _share(aggregate: str, part: str) -> _Named:
    events = as_float(column(f"events__{part}", "profile"))
    return f"{aggregate}.{part}", divide(events, as_float(column("events", "profile")))


def _in_days(seconds: exp.Expr) -> exp.Expr:
    return divide(seconds, as_float(number(_DAY_S)))


def _mean_gap() -> exp.Expr:
    return divide(as_float(column("sum_s", "gaps")), as_float(column("gaps", "gaps")))


def _std_of_gaps() -> exp.Expr:
    """The sample deviation; NULL below two gaps. Exact in decimals up to the last steps."""
    known, sum_s = column("gaps", "gaps"), column("sum_s", "gaps")
    spread = exp.Sub(
        this=exp.Mul(this=known, expression=column("sum_of_squares", "gaps")),
        expression=exp.Mul(this=sum_s, expression=sum_s.copy()),
    )
    others = exp.paren(exp.Sub(this=known.copy(), expression=number(1)))
    pairs = exp.Mul(this=known.copy(), expression=others)
    return exp.Sqrt(this=divide(as_float(spread), as_float(pairs)))
