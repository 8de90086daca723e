"""How well each class is ranked, and how often it is expected in the population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from yule_cli.report.figures.canvas import (
    ACCENT,
    INK,
    MUTED,
    SOFT,
    canvas,
    percent,
    shortened,
    to_svg,
)

__all__ = ["class_gains_figure", "class_shares_figure"]

_TOP = 0.1


def class_gains_figure(gains: Sequence[Mapping[str, Any]], *, name: str) -> Markup:
    """Draw for each class which share of its rows its own best-scored tenth holds."""
    names = [shortened(str(entry["class"])) for entry in gains]
    found = [_at_top(entry["gain"]) for entry in gains]
    figure, axes = canvas(5.4, 0.9 + max(2.6, 0.3 * len(names)))
    axes.barh(range(len(names)), found, height=0.6, color=ACCENT)
    for place, share in enumerate(found):
        axes.annotate(
            f"{share:.0%}",
            (share, place),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color=MUTED,
        )
    axes.axvline(_TOP, color=MUTED, linestyle=(0, (3, 3)), linewidth=1)
    axes.grid(visible=False, axis="y")
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", colors=INK)
    axes.set_xlim(0, 1.1)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.xaxis.set_major_formatter(percent)
    axes.set_xlabel("share of the class in its best-scored tenth")
    told = ", ".join(f"{label} {share:.0%}" for label, share in zip(names, found, strict=True))
    description = f"Share of each class that its own best-scored tenth of rows holds: {told}."
    return to_svg(figure, name=name, description=description)


def class_shares_figure(
    classes: Sequence[Any], expected: Sequence[float], labelled: Sequence[float], *, name: str
) -> Markup:
    """Draw the expected share of each class in the population beside that of the labelled rows."""
    names = [shortened(str(label)) for label in classes]
    figure, axes = canvas(5.4, 0.9 + max(2.6, 0.4 * len(names)))
    places = range(len(names))
    axes.barh([p - 0.18 for p in places], expected, height=0.34, color=ACCENT, label="population")
    axes.barh([p + 0.18 for p in places], labelled, height=0.34, color=SOFT, label="labelled rows")
    axes.grid(visible=False, axis="y")
    axes.set_yticks(places, names)
    axes.tick_params(axis="y", colors=INK)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.xaxis.set_major_formatter(percent)
    axes.set_xlabel("share of rows")
    figure.legend(frameon=False, labelcolor=MUTED, loc="outside upper right", ncols=2)
    told = ", ".join(
        f"{label} {share:.0%} ({known:.0%} of the labelled rows)"
        for label, share, known in zip(names, expected, labelled, strict=True)
    )
    description = f"Expected share of each class in the population: {told}."
    return to_svg(figure, name=name, description=description)


def _at_top(points: Sequence[Mapping[str, float]]) -> float:
    return min(points, key=lambda point: abs(point["share"] - _TOP))["gain"]
