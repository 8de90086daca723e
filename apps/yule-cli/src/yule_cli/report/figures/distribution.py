"""How the scores of the population spread."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from yule_cli.report.figures.canvas import ACCENT, INK, canvas, to_svg

__all__ = ["distribution_figure"]

_BINS = 40


def distribution_figure(scores: npt.NDArray[np.float64], *, name: str) -> Markup:
    """Draw a histogram of the scores, with their median."""
    known = scores[np.isfinite(scores)]
    is_share = bool(known.size) and known.min() >= 0 and known.max() <= 1
    counts, edges = np.histogram(known, bins=_BINS, range=(0, 1) if is_share else None)
    figure, axes = canvas(5.4, 3.5)
    axes.bar(edges[:-1], counts, width=np.diff(edges) * 0.9, align="edge", color=ACCENT)
    axes.grid(visible=False, axis="x")
    axes.set_xlim(edges[0], edges[-1])
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_xlabel("score")
    axes.set_ylabel("rows")
    if not known.size:
        return to_svg(figure, name=name, description="No scores.")
    median, top = float(np.median(known)), float(np.quantile(known, 0.9))
    axes.axvline(median, color=INK, linewidth=1.2)
    is_left = median < (edges[0] + edges[-1]) / 2
    axes.annotate(
        f"median {median:.2f}",
        (median, 1),
        xycoords=("data", "axes fraction"),
        xytext=(6 if is_left else -6, -12),
        textcoords="offset points",
        ha="left" if is_left else "right",
        color=INK,
    )
    description = (
        f"Scores of {known.size:,} rows: the median is {median:.2f}, "
        f"and a tenth are above {top:.2f}."
    )
    return to_svg(figure, name=name, description=description)
