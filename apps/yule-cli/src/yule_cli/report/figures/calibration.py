"""Whether probabilities mean what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from yule_cli.report.figures.canvas import ACCENT, MUTED, canvas, percent, to_svg

__all__ = ["calibration_figure"]


def calibration_figure(bins: Sequence[Mapping[str, float]], *, name: str) -> Markup:
    """Draw observed over predicted frequency, one dot for each bin of rows."""
    predicted, observed = [b["predicted"] for b in bins], [b["observed"] for b in bins]
    end = min(1.0, max([*predicted, *observed]) * 1.08) or 1.0
    figure, axes = canvas(5.4, 3.5)
    axes.plot([0, end], [0, end], color=MUTED, linewidth=1, linestyle=(0, (3, 3)))
    axes.plot(predicted, observed, "o-", color=ACCENT, linewidth=2, markersize=6)
    axes.set_xlim(0, end)
    axes.set_ylim(0, end)
    axes.xaxis.set_major_formatter(percent)
    axes.yaxis.set_major_formatter(percent)
    axes.set_xlabel("predicted probability")
    axes.set_ylabel("observed frequency")
    gap = max(abs(p - o) for p, o in zip(predicted, observed, strict=True))
    description = (
        f"Calibration in {len(bins)} bins of about equal size; the largest gap between predicted "
        f"and observed frequency is {gap:.1%}."
    )
    return to_svg(figure, name=name, description=description)
