"""What the ranking is worth: gain and lift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from yule_cli.report.figures.canvas import ACCENT, INK, MUTED, SOFT, canvas, percent, to_svg

__all__ = ["gain_figure", "lift_figure"]

Points = Sequence[Mapping[str, float]]
_SIZE = (5.4, 3.5)
_MARKED_SHARE = 0.1


def gain_figure(points: Points, *, of: str, name: str) -> Markup:
    """Draw which share of all positives, or of a total, the best-scored share of rows holds."""
    shares, gains = [p["share"] for p in points], [p["gain"] for p in points]
    figure, axes = canvas(*_SIZE)
    axes.plot([0, 1], [0, 1], color=MUTED, linewidth=1, linestyle=(0, (3, 3)))
    axes.fill_between(shares, shares, gains, color=SOFT)
    axes.plot(shares, gains, color=ACCENT, linewidth=2.2)
    marked = _nearest(points)
    axes.plot(marked["share"], marked["gain"], "o", color=ACCENT, markersize=6)
    axes.annotate(
        f"top {marked['share']:.0%}: {marked['gain']:.0%} of {of}",
        (0.98, 0.06),
        xycoords="axes fraction",
        ha="right",
        color=INK,
    )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    axes.xaxis.set_major_formatter(percent)
    axes.yaxis.set_major_formatter(percent)
    axes.set_xlabel("best-scored share of rows")
    axes.set_ylabel(f"share of {of} found")
    description = (
        f"Cumulative gain: the best-scored {marked['share']:.0%} of rows hold "
        f"{marked['gain']:.0%} of {of}."
    )
    return to_svg(figure, name=name, description=description)


def lift_figure(points: Points, *, name: str) -> Markup:
    """Draw how many times more positives the best-scored rows hold than random ones."""
    shares, lifts = [p["share"] for p in points], [p["lift"] for p in points]
    figure, axes = canvas(*_SIZE)
    axes.axhline(1, color=MUTED, linewidth=1, linestyle=(0, (3, 3)))
    axes.fill_between(shares, 1, lifts, color=SOFT)
    axes.plot(shares, lifts, color=ACCENT, linewidth=2.2)
    marked = _nearest(points)
    axes.plot(marked["share"], marked["lift"], "o", color=ACCENT, markersize=6)
    axes.annotate(
        f"top {marked['share']:.0%}: {marked['lift']:.1f} times",
        (marked["share"], marked["lift"]),
        xytext=(9, 6),
        textcoords="offset points",
        color=INK,
    )
    axes.set_xlim(0, 1)
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_formatter(percent)
    axes.set_xlabel("best-scored share of rows")
    axes.set_ylabel("times better than chance")
    description = (
        f"Lift: the best-scored {marked['share']:.0%} of rows hold {marked['lift']:.1f} times as "
        "many positives as rows drawn at random."
    )
    return to_svg(figure, name=name, description=description)


def _nearest(points: Points) -> Mapping[str, float]:
    return min(points, key=lambda point: abs(point["share"] - _MARKED_SHARE))
