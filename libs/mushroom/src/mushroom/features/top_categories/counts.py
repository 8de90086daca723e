"""Events counted and measures summed, by the place of their value in the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from mushroom.features.event_windows.names import ROW, category, measure
from mushroom.features.event_windows.seen import in_window
from mushroom.features.expressions import column, count, equal, is_known, named, number, when
from mushroom.features.windows import Window

__all__ = ["Counted", "counted", "counts", "placed"]


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One number of an entity row.

    Attributes:
        window: The window.
        place: The place of the value; None: all values without a place.
        measure: The measure that is summed; None: events are counted.
    """

    window: Window
    place: int | None
    measure: str | None

    @property
    def name(self) -> str:
        """The column that holds it."""
        kind = "events" if self.measure is None else f"sum__{self.measure}"
        return f"{kind}__{self.place or 'other'}__{self.window.label}"


def counted(
    windows: Sequence[Window], places: Iterable[int], measures: Sequence[str]
) -> list[Counted]:
    """Everything that is counted, in the order of the columns."""
    return [
        Counted(window=window, place=place, measure=name)
        for window in windows
        for place in (*places, None)
        for name in (None, *measures)
    ]


def placed(name: str) -> exp.Select:
    """The events that are seen and have a value, each with its value's place."""
    same_value = equal(column("value", "vocabulary"), column(category(name), "seen"))
    same_category = equal(column("category", "vocabulary"), exp.Literal.string(name))
    return (
        exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier("seen", quoted=True)))
        .select(column("place", "vocabulary"))
        .from_("seen")
        .join("vocabulary", on=exp.and_(same_category, same_value), join_type="left")
        .where(is_known(column(category(name), "seen")))
    )


def counts(source: str, cells: Sequence[Counted], windows: Sequence[Window]) -> exp.Select:
    """One row per entity row that has events with a value."""
    totals = [named(count(in_window(window)), f"all__{window.label}") for window in windows]
    return (
        exp.select(column(ROW), *totals, *(named(_value(cell), cell.name) for cell in cells))
        .from_(source)
        .group_by(column(ROW))
    )


def _value(cell: Counted) -> exp.Expr:
    place = column("place")
    if cell.place is None:
        is_here: exp.Expr = exp.Is(this=place, expression=exp.null())
    else:
        is_here = equal(place, number(cell.place))
    window = in_window(cell.window)
    condition = is_here if window is None else exp.and_(window, is_here)
    if cell.measure is None:
        return count(condition)
    return exp.Sum(this=when(condition, column(measure(cell.measure))))
