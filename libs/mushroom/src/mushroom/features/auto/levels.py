"""How much `auto` asks of a table of events: the most that keeps within its columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mushroom.features.event_windows.options import AGGREGATES, Aggregate

__all__ = ["LEVELS", "RELATED_LEVELS", "Level"]

_OF_TIMES: tuple[Aggregate, ...] = (
    *("hours", "weekdays", "gaps", "streaks", "regularity", "last_times"),
)
_FEW: tuple[Aggregate, ...] = (
    *("count", "active_days", "recency", "first_seen", "interval"),
    *("sum", "mean", "distinct", "gaps", "regularity"),
)


@dataclass(frozen=True, kw_only=True)
class Level:
    """A choice of windows, aggregates, and measures and categories.

    Attributes:
        times: Lengths of windows, in terms of the labels' horizon.
        last: Windows of the last times of events.
        aggregates: What to compute.
        trend: How to compare windows.
        names: How many measures, and how many categories, to describe; None: all.
    """

    times: tuple[float, ...]
    last: tuple[str, ...]
    aggregates: tuple[Aggregate, ...]
    trend: tuple[str, ...]
    names: int | None = None


def _ever_fewer(level: Level) -> Iterator[Level]:
    """The level for 32, 16, … and 1 measures and categories."""
    for names in (32, 16, 8, 4, 2, 1):
        yield Level(
            times=level.times,
            last=level.last,
            aggregates=level.aggregates,
            trend=level.trend,
            names=names,
        )


_SMALL = Level(times=(1,), last=(), aggregates=_FEW, trend=("ratio",))

LEVELS: tuple[Level, ...] = (
    Level(
        times=(0.5, 1, 3, 12),
        last=("last3", "last10"),
        aggregates=(*AGGREGATES, "known_share", "top_share", "entropy", "last", *_OF_TIMES),
        trend=("ratio", "change"),
    ),
    Level(
        times=(1, 6),
        last=("last5",),
        aggregates=(*AGGREGATES, "known_share", "entropy", "last", *_OF_TIMES),
        trend=("ratio", "change"),
    ),
    Level(times=(1, 6), last=(), aggregates=(*AGGREGATES, *_OF_TIMES), trend=("ratio",)),
    _SMALL,
    *_ever_fewer(_SMALL),
)
"""What to ask of an entity's own events, richest first."""

_RELATED = Level(
    times=(3, 12),
    last=("last5",),
    aggregates=("count", "mean", "min", "max", "std", "distinct", "top", "top_share"),
    trend=("change",),
)
_LITTLE_RELATED = Level(times=(6,), last=(), aggregates=("count", "mean", "distinct"), trend=())

RELATED_LEVELS: tuple[Level, ...] = (
    _RELATED,
    _LITTLE_RELATED,
    *_ever_fewer(_LITTLE_RELATED),
)
"""What to ask of what lies behind a reference, richest first."""
