"""Weighing models for one target, and judging each of them and their blend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from yule_models.ensemble.crossfit import cross_fit
from yule_models.ensemble.errors import EnsembleError
from yule_models.ensemble.oof import ModelOof
from yule_models.ensemble.options import EnsembleOptions
from yule_models.ensemble.selection import select_weights
from yule_models.metrics import (
    calibration_curve,
    evaluate,
    gain_curve,
    lift_curve,
    loss_of,
    summarise_folds,
)

if TYPE_CHECKING:
    from yule_models.targets import Target

__all__ = ["TargetFit", "fit_target"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class TargetFit:
    """The ensemble of one target.

    Attributes:
        weights: Weight of each candidate, summing to 1.
        report: Metrics of `models` and of the `ensemble`, by fold and over folds; JSON.
        curves: Lift, gain and calibration of a binary target; JSON.
        predictions: Cross-fitted, of shape (rows, outputs); NaN where a row is not judged.
    """

    weights: dict[str, float]
    report: dict[str, Any]
    curves: dict[str, Any]
    predictions: Floats


def fit_target(
    target: Target,
    *,
    models: Sequence[ModelOof],
    outputs: slice,
    labels: Floats,
    fold: npt.NDArray[np.int32],
    options: EnsembleOptions,
) -> TargetFit:
    """Learn the weights of one target on all its rows, and judge them cross-fitted.

    Args:
        target: The target.
        models: All models.
        outputs: Where their predictions of this target stand.
        labels: Encoded labels, of shape (rows,); NaN where there is none.
        fold: The fold of each row; -1 where it is never validated.
        options: How weights are learned.

    Raises:
        EnsembleError: If no validated row is labelled.
    """
    rows = np.flatnonzero((fold >= 0) & ~np.isnan(labels))
    if not len(rows):
        raise EnsembleError(f"No validated row has a label of the target {target.name!r}.")
    answers, numbers = labels[rows], fold[rows]
    judged = {model.name: model.predictions[rows, outputs] for model in models}
    candidates = {model.name: judged[model.name] for model in models if model.is_candidate}
    loss = loss_of(target, options.metric)
    weights = select_weights(candidates, partial(loss, answers), rounds=options.rounds)
    crossed = cross_fit(candidates, answers, numbers, loss, rounds=options.rounds)
    reports = {
        model.name: _report(target, answers, judged[model.name], numbers)
        | {"candidate": model.is_candidate}
        for model in models
    }
    ensemble = _report(target, answers, crossed.predictions, numbers)
    ensemble |= {"weights": weights, "cross_fitted": crossed.is_cross_fitted}
    blended = np.full((len(labels), crossed.predictions.shape[1]), np.nan)
    blended[rows] = crossed.predictions
    return TargetFit(
        weights=weights,
        report={"models": reports, "ensemble": ensemble},
        curves=_curves(target, answers, crossed.predictions),
        predictions=blended,
    )


def _report(
    target: Target, labels: Floats, predictions: Floats, fold: npt.NDArray[np.int32]
) -> dict[str, Any]:
    folds = []
    for number in np.unique(fold).tolist():
        held = fold == number
        metrics = evaluate(target, labels[held], predictions[held])
        folds.append({"fold": number, "rows": int(np.count_nonzero(held)), **metrics})
    return {"folds": folds, **summarise_folds(folds)}


def _curves(target: Target, labels: Floats, predictions: Floats) -> dict[str, Any]:
    if target.kind != "binary" or not labels.any():
        return {}
    probabilities = predictions[:, 0]
    return {
        "lift": lift_curve(labels, probabilities),
        "gain": gain_curve(labels, probabilities),
        "calibration": calibration_curve(labels, probabilities),
    }
