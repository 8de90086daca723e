"""Which classes are taken for which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from yule_cli.report.figures.canvas import ACCENT, INK, canvas, shortened, to_svg

__all__ = ["confusion_figure"]

_MOST_WRITTEN = 12


def confusion_figure(
    classes: Sequence[Any], counts: Sequence[Sequence[int]], *, name: str
) -> Markup:
    """Draw a square for each class and each most probable class, as dark as its share of the row.

    Args:
        classes: The classes.
        counts: Rows of each class (outer) by most probable class (inner).
        name: Prefix of ids.
    """
    from matplotlib.patches import Rectangle

    size = len(classes)
    figure, axes = canvas(11, 1.1 + min(0.42 * size, 12))
    for row, cells in enumerate(counts):
        total = sum(cells) or 1
        for column, count in enumerate(cells):
            share = count / total
            square = Rectangle(
                (column - 0.48, row - 0.46), 0.96, 0.92, color=ACCENT, alpha=share * 0.55, lw=0
            )
            axes.add_patch(square)
            if size <= _MOST_WRITTEN:
                axes.annotate(f"{share:.0%}", (column, row), ha="center", va="center", color=INK)
    labels = [shortened(str(label)) for label in classes]
    axes.set_xticks(range(size), labels, rotation=0 if size <= 5 else 60)
    axes.set_yticks(range(size), labels)
    axes.tick_params(colors=INK)
    axes.grid(visible=False)
    axes.set_xlim(-0.5, size - 0.5)
    axes.set_ylim(size - 0.5, -0.5)
    axes.set_xlabel("most probable class")
    axes.set_ylabel("class")
    found = ", ".join(
        f"{label} {cells[place] / (sum(cells) or 1):.0%}"
        for place, (label, cells) in enumerate(zip(labels, counts, strict=True))
    )
    description = f"Confusion of {size} classes; rows whose class is the most probable: {found}."
    return to_svg(figure, name=name, description=description)
