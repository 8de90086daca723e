"""Which plots a target gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from yule_cli.report.figures import (
    calibration_figure,
    distribution_figure,
    gain_figure,
    lift_figure,
    spread_figure,
)
from yule_cli.summary import TargetScores

__all__ = ["Plot", "plots_of"]


@dataclass(frozen=True, kw_only=True)
class Plot:
    """A plot with its words.

    Attributes:
        title: What it shows.
        hint: How to read it.
        svg: The plot.
        is_wide: Whether it takes the page's whole width.
    """

    title: str
    hint: str
    svg: Markup
    is_wide: bool = False


def plots_of(
    target: TargetScores,
    curves: Mapping[str, Any],
    scores: npt.NDArray[np.float64] | None,
    *,
    number: int,
) -> list[Plot]:
    """Return the plots of a target; what there is no data for is left out.

    Args:
        target: The scores of its models.
        curves: `lift`, `gain` and `calibration`, where there are any.
        scores: Predictions of the population, of shape (rows,), or None.
        number: Of the target within the page, which makes ids unique.
    """
    plots = []
    if target.main_metric is not None:
        plots.append(
            Plot(
                title="Models, fold by fold",
                hint="A dot is a fold, the stroke their mean, the band one standard deviation.",
                svg=spread_figure(target, target.main_metric, name=f"spread{number}"),
                is_wide=True,
            )
        )
    if curves.get("gain"):
        plots.append(
            Plot(
                title="Cumulative gain",
                hint="Whom to approach first: how many positives the best-scored rows hold.",
                svg=gain_figure(curves["gain"], name=f"gain{number}"),
            )
        )
    if curves.get("lift"):
        plots.append(
            Plot(
                title="Lift",
                hint="How many times more positives than in a random choice of the same size.",
                svg=lift_figure(curves["lift"], name=f"lift{number}"),
            )
        )
    if curves.get("calibration"):
        plots.append(
            Plot(
                title="Calibration",
                hint="On the dotted line, probabilities mean what they say.",
                svg=calibration_figure(curves["calibration"], name=f"calibration{number}"),
            )
        )
    if scores is not None and len(scores):
        plots.append(
            Plot(
                title="Scores of the population",
                hint="How the predictions of this run spread.",
                svg=distribution_figure(scores, name=f"distribution{number}"),
            )
        )
    return plots
