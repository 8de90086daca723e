"""How good the models are, and how sure that is."""

from __future__ import annotations

from markupsafe import Markup

from yule_cli.report.figures.canvas import ACCENT, INK, MUTED, SOFT, canvas, to_svg
from yule_cli.summary import TargetScores
from yule_cli.summary.metric_names import look_of
from yule_cli.summary.scores import ENSEMBLE

__all__ = ["spread_figure"]


def spread_figure(target: TargetScores, metric: str, *, name: str) -> Markup:
    """Draw for each model a dot for each fold, and a bar at the mean; the ensemble on top."""
    look = look_of(metric)
    rows = [
        (scores, mean) for scores in target.rows if (mean := scores.mean.get(metric)) is not None
    ]
    figure, axes = canvas(11, 0.75 + 0.42 * len(rows))
    for place, (scores, mean) in enumerate(rows):
        color = ACCENT if scores.name == ENSEMBLE else INK if scores.is_candidate else MUTED
        values = [fold[metric] for fold in scores.folds if fold.get(metric) is not None]
        if (std := scores.std.get(metric)) is not None:
            ends = [mean - std, mean + std]
            axes.plot(ends, [place] * 2, color=SOFT, linewidth=11, solid_capstyle="round")
        axes.plot(values, [place] * len(values), "o", color=color, markersize=6, alpha=0.55, mew=0)
        axes.plot([mean], [place], "|", color=color, markersize=19, mew=2.4)
    axes.set_yticks(range(len(rows)), [scores.name for scores, _ in rows])
    axes.tick_params(axis="y", colors=INK)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    better = "higher" if look.is_higher_better else "lower"
    axes.set_xlabel(f"{look.label} ({better} is better)")
    means = ", ".join(f"{scores.name} {mean:.{look.digits}f}" for scores, mean in rows)
    return to_svg(figure, name=name, description=f"{look.label} of each fold; means: {means}.")
