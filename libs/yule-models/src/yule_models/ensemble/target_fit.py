"""Combining models for one target, and judging each of them and their blend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from yule_models.ensemble.blend import Blend
from yule_models.ensemble.combining import combine
from yule_models.ensemble.crossfit import CrossFit, cross_fit
from yule_models.ensemble.errors import EnsembleError
from yule_models.ensemble.intervals import least_rows
from yule_models.ensemble.oof import ModelOof
from yule_models.ensemble.options import EnsembleOptions
from yule_models.metrics import evaluate, summarise_folds, target_curves

if TYPE_CHECKING:
    from yule_models.targets import Target

__all__ = ["TargetFit", "fit_target"]

Floats = npt.NDArray[np.float64]
Folds = npt.NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class TargetFit:
    """The ensemble of one target.

    Attributes:
        blend: How models are combined, learned on all rows.
        weights: Share of each candidate, summing to 1.
        report: Metrics of `models` and of the `ensemble`, by fold and over folds; JSON. Where there
            are several repeats, `fold_repeats` says how many.
        curves: What `target_curves` finds; JSON.
        predictions: Cross-fitted, of shape (rows, outputs); NaN where a row is not judged.
    """

    blend: Blend
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
    fold: Folds,
    options: EnsembleOptions,
    weights: Floats | None = None,
) -> TargetFit:
    """Learn the blend of one target on all its rows, and judge it cross-fitted.

    What is learned of several repeats is learned from the mean of their predictions, and
    cross-fitted over the folds of the first: none of a row's predictions comes from a model that
    saw the row, and neither does the blend that is judged on it. The spread is that over the folds
    of all repeats.

    Args:
        target: The target.
        models: All models.
        outputs: Where their predictions of this target stand.
        labels: Encoded labels, of shape (rows,); NaN where there is none.
        fold: The fold of each row, of shape (rows,) or (repeats, rows); -1 where it is never
            validated.
        options: How models are combined.
        weights: Of the rows, of shape (rows,), above 0; None: all count alike.

    Raises:
        EnsembleError: If no validated row is labelled, or the options do not suit the target.
    """
    options.check(target)
    divisions = np.atleast_2d(fold)
    rows = np.flatnonzero((divisions[0] >= 0) & ~np.isnan(labels))
    if not len(rows):
        raise EnsembleError(f"No validated row has a label of the target {target.name!r}.")
    answers, divided = labels[rows], divisions[:, rows]
    numbers = divided[0]
    counts = None if weights is None else weights[rows] / weights[rows].mean()
    judged = {model.name: model.predictions[rows, outputs] for model in models}
    candidates = {model.name: judged[model.name] for model in models if model.is_candidate}
    found = combine(target, candidates, answers, numbers, options, weights=counts)

    def learn(seen: Mapping[str, Floats], places: npt.NDArray[np.int64]) -> Blend:
        own = None if counts is None else counts[places] / counts[places].mean()
        return combine(target, seen, answers[places], numbers[places], options, weights=own).blend

    crossed = cross_fit(candidates, numbers, learn)
    reports = {
        model.name: _report(target, answers, judged[model.name], divided, counts)
        | {"candidate": model.is_candidate}
        for model in models
    }
    shares = {name: found.blend.shares.get(name, 0.0) for name in sorted(candidates)}
    ensemble = _report(target, answers, crossed.predictions, divided, counts)
    ensemble |= {
        "weights": shares,
        "cross_fitted": crossed.is_cross_fitted,
        "method": options.method,
        "calibration": found.blend.calibration.kind,
        "dropped": found.dropped,
        "interval": _interval_report(answers, crossed, numbers, options, counts),
    }
    blended = np.full((len(labels), crossed.predictions.shape[1]), np.nan)
    blended[rows] = crossed.predictions
    return TargetFit(
        blend=found.blend,
        weights=shares,
        report={"kind": target.kind, "models": reports, "ensemble": ensemble}
        | ({"fold_repeats": len(divided)} if len(divided) > 1 else {}),
        curves=target_curves(target, answers, crossed.predictions, counts),
        predictions=blended,
    )


def _report(
    target: Target, labels: Floats, predictions: Floats, divided: Folds, weights: Floats | None
) -> dict[str, Any]:
    folds = []
    for number in np.unique(divided).tolist():
        held = (divided == number).any(axis=0)
        own = None if weights is None else weights[held]
        metrics = evaluate(target, labels[held], predictions[held], own)
        folds.append({"fold": number, "rows": int(np.count_nonzero(held)), **metrics})
    return {"folds": folds, **summarise_folds(folds)}


def _interval_report(
    labels: Floats,
    crossed: CrossFit,
    fold: Folds,
    options: EnsembleOptions,
    weights: Floats | None,
) -> dict[str, Any] | None:
    """Say how many outcomes the intervals hold, of folds that they were not learned from."""
    if crossed.intervals is None:
        return None
    lower, upper = crossed.intervals.T
    is_inside = (lower <= labels) & (labels <= upper)
    parts = [fold == number for number in np.unique(fold)]
    by_fold = [_mean(is_inside[part], None if weights is None else weights[part]) for part in parts]
    return {
        "level": options.interval,
        "coverage": _mean(is_inside, weights),
        "coverage_by_fold": by_fold,
        "mean_width": _mean(upper - lower, weights),
        "rows": len(labels),
        "least_rows": least_rows(options.interval),
    }


def _mean(values: npt.NDArray[Any], weights: Floats | None) -> float:
    return float(np.average(values, weights=weights))
