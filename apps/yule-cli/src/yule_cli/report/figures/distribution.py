"""How the scores of the population spread."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from yule_cli.report.figures.canvas import ACCENT, INK, canvas, to_svg
from yule_cli.summary.amounts import format_amount

__all__ = ["distribution_figure"]

_BINS = 40


def distribution_figure(
    scores: npt.NDArray[np.float64], *, is_probability: bool, name: str
) -> Markup:
    """Draw a histogram of the scores, with their median.

    Args:
        scores: Of shape (rows,).
        is_probability: Whether they are shown from 0 to 1, or else where they lie.
        name: Prefix of ids.
    """
    known = scores[np.isfinite(scores)]
    counts, edges = np.histogram(known, bins=_BINS, range=(0, 1) if is_probability else None)
    figure, axes = canvas(5.4, 3.5)
    axes.bar(edges[:-1], counts, width=np.diff(edges) * 0.9, align="edge", color=ACCENT)
    axes.grid(visible=False, axis="x")
    axes.set_xlim(edges[0], edges[-1])
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_xlabel("score" if is_probability else "prediction")
    axes.set_ylabel("rows")
    if not known.size:
        return to_svg(figure, name=name, description="No scores.")
    median, top = float(np.median(known)), float(np.quantile(known, 0.9))
    shown, tenth = (f"{v:.2f}" if is_probability else format_amount(v) for v in (median, top))
    axes.axvline(median, color=INK, linewidth=1.2)
    is_left = median < (edges[0] + edges[-1]) / 2
    axes.annotate(
        f"median {shown}",
        (median, 1),
        xycoords=("data", "axes fraction"),
        xytext=(6 if is_left else -6, -12),
        textcoords="offset points",
        ha="left" if is_left else "right",
        color=INK,
    )
    description = (
        f"Scores of {known.size:,} rows: the median is {shown}, and a tenth are above {tenth}."
    )
    return to_svg(figure, name=name, description=description)
