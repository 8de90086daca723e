"""Which plots a target gets, by its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from yule_cli.report.figures import (
    calibration_figure,
    class_gains_figure,
    class_shares_figure,
    confusion_figure,
    distribution_figure,
    gain_figure,
    lift_figure,
    predicted_figure,
    residuals_figure,
    spread_figure,
)
from yule_cli.summary import TargetScores

__all__ = ["Plot", "plots_of"]

Floats = npt.NDArray[np.float64]
_MOST_CLASSES = 30


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
    target: TargetScores, curves: Mapping[str, Any], scores: Floats | None, *, number: int
) -> list[Plot]:
    """Return the plots of a target; what there is no data for is left out.

    Args:
        target: The scores of its models.
        curves: What `yule_models.metrics.target_curves` found of the ensemble.
        scores: What `population_scores` returns of the target, or None.
        number: Of the target within the page, which makes ids unique.
    """
    known = scores if scores is not None and len(scores) else None
    match target.kind:
        case "binary":
            drawn = _binary(curves, known, number)
        case "multiclass":
            drawn = _multiclass(curves, known, number)
        case "regression":
            drawn = _regression(curves, known, number)
        case _:
            assert_never(target.kind)
    return [*_spread(target, number), *drawn]


def _spread(target: TargetScores, number: int) -> Iterator[Plot]:
    if target.main_metric is not None:
        yield Plot(
            title="Models, fold by fold",
            hint="A dot is a fold, the stroke their mean, the band one standard deviation.",
            svg=spread_figure(target, target.main_metric, name=f"spread{number}"),
            is_wide=True,
        )


def _binary(curves: Mapping[str, Any], scores: Floats | None, number: int) -> Iterator[Plot]:
    if curves.get("gain"):
        yield Plot(
            title="Cumulative gain",
            hint="Whom to approach first: how many positives the best-scored rows hold.",
            svg=gain_figure(curves["gain"], of="positives", name=f"gain{number}"),
        )
    if curves.get("lift"):
        yield Plot(
            title="Lift",
            hint="How many times more positives than in a random choice of the same size.",
            svg=lift_figure(curves["lift"], name=f"lift{number}"),
        )
    if curves.get("calibration"):
        yield Plot(
            title="Calibration",
            hint="On the dotted line, probabilities mean what they say.",
            svg=calibration_figure(curves["calibration"], name=f"calibration{number}"),
        )
    if scores is not None:
        yield _distribution(scores[:, 0], number, is_probability=True)


def _multiclass(curves: Mapping[str, Any], scores: Floats | None, number: int) -> Iterator[Plot]:
    known = curves.get("classes", [])
    classes = [entry["class"] for entry in known]
    # The first of the most frequent: a hundred would be drawn too small to read.
    shown = sorted(range(len(known)), key=lambda place: -known[place]["rows"])[:_MOST_CLASSES]
    shown = sorted(shown)
    frequent = "" if len(shown) == len(known) else f" The {_MOST_CLASSES} most frequent classes."
    drawn = [entry for entry in curves.get("gains", []) if entry["class"] in _of(classes, shown)]
    if drawn:
        yield Plot(
            title="Each class, ranked",
            hint="How much of a class its own best-scored tenth of rows holds; dotted: by chance."
            + frequent,
            svg=class_gains_figure(drawn, name=f"gains{number}"),
        )
    if scores is not None and classes:
        yield Plot(
            title="Classes of the population",
            hint=f"Expected shares: the mean probability of each class.{frequent}",
            svg=class_shares_figure(
                _of(classes, shown),
                _of(scores.mean(axis=0).tolist(), shown),
                _of([entry["share"] for entry in known], shown),
                name=f"shares{number}",
            ),
        )
    if curves.get("confusion") and not frequent:
        yield Plot(
            title="Confusion",
            hint="Of the rows of each class, the share whose most probable class is each.",
            svg=confusion_figure(classes, curves["confusion"], name=f"confusion{number}"),
            is_wide=True,
        )


def _of(values: Sequence[Any], places: Sequence[int]) -> list[Any]:
    return [values[place] for place in places]


def _regression(curves: Mapping[str, Any], scores: Floats | None, number: int) -> Iterator[Plot]:
    if curves.get("predicted"):
        yield Plot(
            title="Predicted against actual",
            hint="Means of bins of rows; the band holds the middle 80% of outcomes.",
            svg=predicted_figure(curves["predicted"], name=f"predicted{number}"),
        )
    if curves.get("residuals"):
        yield Plot(
            title="Residuals",
            hint="How far outcomes lie above (right) or below their prediction.",
            svg=residuals_figure(curves["residuals"], name=f"residuals{number}"),
        )
    if curves.get("gain"):
        yield Plot(
            title="Cumulative gain",
            hint="Which share of the total the rows with the highest predictions hold.",
            svg=gain_figure(curves["gain"], of="the total", name=f"gain{number}"),
        )
    if scores is not None:
        yield _distribution(scores[:, 0], number, is_probability=False)


def _distribution(scores: Floats, number: int, *, is_probability: bool) -> Plot:
    return Plot(
        title="Scores of the population" if is_probability else "Predictions of the population",
        hint="How the predictions of this run spread.",
        svg=distribution_figure(
            scores, is_probability=is_probability, name=f"distribution{number}"
        ),
    )
