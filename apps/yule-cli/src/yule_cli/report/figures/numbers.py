"""Predicted numbers against what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from yule_cli.report.figures.canvas import ACCENT, INK, MUTED, SOFT, canvas, to_svg
from yule_cli.summary.amounts import format_amount

__all__ = ["predicted_figure", "residuals_figure"]


def predicted_figure(bins: Sequence[Mapping[str, float]], *, name: str) -> Markup:
    """Draw the mean outcome over the mean prediction of bins of rows, and where outcomes lie."""
    predicted, actual = [b["predicted"] for b in bins], [b["actual"] for b in bins]
    low, high = [b["p10"] for b in bins], [b["p90"] for b in bins]
    figure, axes = canvas(5.4, 3.5)
    ends = [min(predicted), max(predicted)]
    axes.plot(ends, ends, color=MUTED, linewidth=1, linestyle=(0, (3, 3)))
    if len(bins) > 1:
        axes.fill_between(predicted, low, high, color=SOFT, linewidth=0)
    axes.plot(predicted, actual, "o-", color=ACCENT, linewidth=2, markersize=5)
    axes.xaxis.set_major_formatter(_amount)
    axes.yaxis.set_major_formatter(_amount)
    axes.set_xlabel("predicted")
    axes.set_ylabel("actual")
    first, last = bins[0], bins[-1]
    description = (
        f"Actual over predicted values in {len(bins)} bins of about equal size: rows predicted at "
        f"{format_amount(first['predicted'])} had {format_amount(first['actual'])} in the mean, "
        f"those predicted at {format_amount(last['predicted'])} had "
        f"{format_amount(last['actual'])}."
    )
    return to_svg(figure, name=name, description=description)


def residuals_figure(histogram: Mapping[str, Any], *, name: str) -> Markup:
    """Draw how often outcomes lie how far above or below their prediction."""
    edges, counts = np.array(histogram["edges"]), histogram["rows"]
    figure, axes = canvas(5.4, 3.5)
    axes.bar(edges[:-1], counts, width=np.diff(edges) * 0.9, align="edge", color=ACCENT)
    axes.axvline(0, color=INK, linewidth=1.2)
    axes.grid(visible=False, axis="x")
    axes.set_xlim(edges[0], edges[-1])
    axes.xaxis.set_major_formatter(_amount)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_xlabel("actual minus predicted")
    axes.set_ylabel("rows")
    beyond = histogram["below"] + histogram["above"]
    description = (
        f"Errors of {sum(counts) + beyond:,} predictions, of which {beyond:,} lie beyond the edges;"
        f" their mean is {format_amount(histogram['mean'])}."
    )
    return to_svg(figure, name=name, description=description)


def _amount(value: float, _position: float) -> str:
    return f"{value:,.6g}"
