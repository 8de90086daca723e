"""How good the models are, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from yule_cli.report.figures.canvas import ACCENT, INK, MUTED, SOFT, canvas, to_svg
from yule_cli.summary import Scores, TargetScores
from yule_cli.summary.metric_names import look_of
from yule_cli.summary.scores import ENSEMBLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["spread_figure"]

_ROOM = 1.5
"""How far from the candidates a baseline may lie, in widths of their spread, to be drawn."""


def spread_figure(target: TargetScores, metric: str, *, name: str) -> Markup:
    """Draw for each model a dot for each fold, and a stroke at the mean; the ensemble on top.

    A baseline far off is named at the edge, so that it does not squeeze the others together.
    """
    look = look_of(metric)
    rows = [
        (scores, mean) for scores in target.rows if (mean := scores.mean.get(metric)) is not None
    ]
    low, high = _range([scores for scores, _ in rows], metric)
    figure, axes = canvas(11, 0.75 + 0.42 * len(rows))
    for place, (scores, mean) in enumerate(rows):
        if low <= mean <= high:
            _draw(axes, place, scores, metric, mean)
        else:
            text = look.format(mean)
            is_left = mean < low
            axes.annotate(
                f"← {text}" if is_left else f"{text} →",
                (0.008 if is_left else 0.992, place),
                xycoords=("axes fraction", "data"),
                ha="left" if is_left else "right",
                va="center",
                color=MUTED,
            )
    axes.set_yticks(range(len(rows)), [scores.name for scores, _ in rows])
    axes.tick_params(axis="y", colors=INK)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    better = "higher" if look.is_higher_better else "lower"
    axes.set_xlabel(f"{look.label} ({better} is better)")
    means = ", ".join(f"{scores.name} {look.format(mean)}" for scores, mean in rows)
    return to_svg(figure, name=name, description=f"{look.label} of each fold; means: {means}.")


def _draw(axes: Axes, place: int, scores: Scores, metric: str, mean: float) -> None:
    color = ACCENT if scores.name == ENSEMBLE else INK if scores.is_candidate else MUTED
    values = _values(scores, metric)
    if (std := scores.std.get(metric)) is not None:
        ends = [mean - std, mean + std]
        axes.plot(ends, [place] * 2, color=SOFT, linewidth=11, solid_capstyle="round")
    axes.plot(values, [place] * len(values), "o", color=color, markersize=6, alpha=0.55, mew=0)
    axes.plot([mean], [place], "|", color=color, markersize=19, mew=2.4)


def _range(rows: Sequence[Scores], metric: str) -> tuple[float, float]:
    """Return between which means a row is drawn: around all folds of all but the baselines."""
    values = [value for row in rows if row.is_candidate for value in _values(row, metric)]
    if not values or min(values) == max(values):
        return float("-inf"), float("inf")
    room = _ROOM * (max(values) - min(values))
    return min(values) - room, max(values) + room


def _values(scores: Scores, metric: str) -> list[float]:
    return [fold[metric] for fold in scores.folds if fold.get(metric) is not None]
