"""Which features may know the outcome."""

from __future__ import annotations

from markupsafe import Markup

from yule_cli.report.figures.canvas import ACCENT, BAD, GRID, INK, MUTED, canvas, shortened, to_svg
from yule_cli.summary import TargetLeaks

__all__ = ["leaks_figure"]

_MOST = 12


def leaks_figure(leaks: TargetLeaks, *, name: str) -> Markup:
    """Draw how much each of the first features tells alone, from what tells nothing on.

    Beyond the dotted line a feature leads the next honest one by the margin; suspects are red.
    """
    count = len(leaks.suspects)
    shown = leaks.ranking[: max(_MOST, count + 1)]
    figure, axes = canvas(11, 0.9 + 0.27 * len(shown))
    for place, row in enumerate(shown):
        color = BAD if place < count else ACCENT
        axes.barh(place, max(row.score - 0.5, 0), left=0.5, height=0.62, color=color)
        axes.annotate(
            f"{row.score:.3f}",
            (max(row.score, 0.5), place),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color=BAD if place < count else MUTED,
        )
    # Without a suspect, the first feature is measured against the second.
    next_place = count or 1
    if next_place < len(shown):
        limit = shown[next_place].score + leaks.margin
        axes.axvline(limit, color=MUTED, linestyle=":", linewidth=1.4)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x", color=GRID)
    axes.set_yticks(range(len(shown)), [shortened(row.feature) for row in shown])
    axes.tick_params(axis="y", colors=INK)
    axes.set_xlim(0.5, 1.04)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlabel(f"{leaks.measure} of the feature alone, out-of-fold (0.5 tells nothing)")
    told = ", ".join(f"{row.feature} {row.score:.3f}" for row in shown[: count + 3])
    suspected = ", ".join(leaks.suspects) or "none"
    description = f"What features tell alone: {told}. Suspected of a leak: {suspected}."
    return to_svg(figure, name=name, description=description)
