"""The plots, each with its words and the table of what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from kpi_digest.digest import Digest
from kpi_digest.findings import format_share
from kpi_digest.rendering.canvas import (
    BACK,
    INK,
    KEPT,
    LOST,
    MUTED,
    NEW,
    PAPER,
    SOFT,
    canvas,
    mark_weeks,
    to_svg,
)
from kpi_digest.rendering.tables import ACTIVE, INTENSITY, MOVES, RETENTION, Table, table_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Plot", "plots_of"]

_BAR = 0.74


@dataclass(frozen=True, kw_only=True)
class Plot:
    """A plot with its words.

    Attributes:
        name: Unique in the page.
        title: What it shows.
        hint: How to read it.
        svg: The plot.
        table: The same in figures.
    """

    name: str
    title: str
    hint: str
    svg: Markup
    table: Table


def plots_of(digest: Digest) -> Iterator[Plot]:
    """All plots of a digest."""
    yield Plot(
        name="active",
        title="Active users",
        hint="Users with an event in the week.",
        svg=_active(digest),
        table=table_of(digest, ACTIVE),
    )
    yield Plot(
        name="moves",
        title="Who came and who went",
        hint="Above the line, who was active: kept from the week before, back after a pause, new. "
        "Below it, who was active in the week before and not any more.",
        svg=_moves(digest),
        table=table_of(digest, MOVES),
    )
    yield Plot(
        name="retention",
        title="Active again",
        hint="Which share of the users of the week before was active in this one.",
        svg=_retention(digest),
        table=table_of(digest, RETENTION),
    )
    yield Plot(
        name="intensity",
        title="Events per active user",
        hint="How much those did who were active, on average.",
        svg=_intensity(digest),
        table=table_of(digest, INTENSITY),
    )


def _active(digest: Digest) -> Markup:
    figure, axes = canvas()
    values = [week.active for week in digest.weeks]
    _line(axes, values, label=f"{values[-1]:,}")
    mark_weeks(axes, [week.monday for week in digest.weeks])
    description = (
        f"Active users of {len(values)} weeks: {values[0]:,} in {digest.weeks[0].name}, "
        f"{values[-1]:,} in {digest.last.name}, at most {max(values):,}, at least {min(values):,}."
    )
    return to_svg(figure, name="active", description=description)


def _moves(digest: Digest) -> Markup:
    figure, axes = canvas()
    places = range(len(digest.weeks))
    bottom = [0] * len(digest.weeks)
    layers = {
        "kept": (KEPT, [week.kept for week in digest.weeks]),
        "back": (BACK, [week.back for week in digest.weeks]),
        "new": (NEW, [week.new for week in digest.weeks]),
    }
    style: dict[str, Any] = {"width": _BAR, "edgecolor": PAPER, "linewidth": 0.8}
    for label, (color, values) in layers.items():
        axes.bar(places, values, bottom=bottom, color=color, label=label, **style)
        bottom = [low + value for low, value in zip(bottom, values, strict=True)]
    lapsed = [-week.lapsed for week in digest.weeks]
    axes.bar(places, lapsed, color=LOST, label="lapsed", **style)
    axes.axhline(0, color=INK, linewidth=1)
    mark_weeks(axes, [week.monday for week in digest.weeks])
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=4,
        frameon=False,
        labelcolor=MUTED,
        handlelength=0.9,
        borderaxespad=0,
    )
    last = digest.last
    description = (
        f"In {last.name}, {last.kept:,} users were kept from the week before, {last.back:,} came "
        f"back, {last.new:,} were new, and {last.lapsed:,} lapsed."
    )
    return to_svg(figure, name="moves", description=description)


def _retention(digest: Digest) -> Markup:
    figure, axes = canvas()
    shares = [week.retention for week in digest.weeks]
    _line(axes, shares, label=format_share(shares[-1]))
    axes.yaxis.set_major_formatter(lambda value, _: format_share(value))
    mark_weeks(axes, [week.monday for week in digest.weeks])
    known = [share for share in shares if share is not None]
    between = f", from {format_share(min(known))} to {format_share(max(known))}" if known else ""
    description = (
        f"Share of the week before that was active again: {format_share(shares[-1])} in "
        f"{digest.last.name}{between} over {len(shares)} weeks."
    )
    return to_svg(figure, name="retention", description=description)


def _intensity(digest: Digest) -> Markup:
    figure, axes = canvas()
    values = [week.events_per_user for week in digest.weeks]
    shown = "–" if values[-1] is None else f"{values[-1]:,.1f}"
    _line(axes, values, label=shown)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.4g}")
    mark_weeks(axes, [week.monday for week in digest.weeks])
    known = [value for value in values if value is not None]
    between = f", from {min(known):,.1f} to {max(known):,.1f}" if known else ""
    description = (
        f"Events per active user: {shown} in {digest.last.name}{between} over {len(values)} weeks."
    )
    return to_svg(figure, name="intensity", description=description)


def _line(axes: Axes, values: Sequence[float | None], *, label: str) -> None:
    """A line from zero; a gap where there is no value, and the last value in words."""
    heights = [float("nan") if value is None else float(value) for value in values]
    places = range(len(heights))
    axes.fill_between(places, 0, heights, color=SOFT)
    axes.plot(places, heights, color=KEPT, linewidth=2.2, marker="o", markersize=3.5)
    known = [height for height in heights if height == height]  # noqa: PLR0124 (no NaN)
    top = max(known, default=0.0) or 1.0
    axes.set_ylim(0, top * 1.18)
    if values[-1] is not None:
        axes.plot(places[-1], heights[-1], "o", color=KEPT, markersize=7)
        is_falling = len(heights) > 1 and heights[-2] > heights[-1]
        axes.annotate(
            label,
            (places[-1], heights[-1]),
            xytext=(0, -18 if is_falling else 9),
            textcoords="offset points",
            ha="center",
            color=INK,
            weight="bold",
        )
