"""Weighing models, target by target, and reporting how each and all of them do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from gokart_store import canonical_json

from yule_models.alignment import KEYS, check_aligned
from yule_models.ensemble.crossfit import cross_fit
from yule_models.ensemble.errors import EnsembleError
from yule_models.ensemble.importance import blend_importances, mean_importances
from yule_models.ensemble.oof import ModelOof
from yule_models.ensemble.options import EnsembleOptions
from yule_models.ensemble.selection import select_weights
from yule_models.metrics import (
    calibration_curve,
    encode_labels,
    evaluate,
    gain_curve,
    lift_curve,
    loss_of,
    summarise_folds,
)
from yule_models.outputs import output_columns, prediction_columns

if TYPE_CHECKING:
    from yule_models.targets import Target

__all__ = ["EnsembleFit", "fit_ensemble"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class EnsembleFit:
    """An ensemble and its report.

    Attributes:
        weights: Weight of each candidate by target; those of a target sum to 1.
        metrics: By target, for each model and the ensemble, the metrics of each fold, their mean
            and their deviation; and curves of binary targets. JSON.
        oof: Rows with out-of-fold predictions: entity_id, as_of, fold, and the ensemble's
            cross-fitted predictions (null where the target has no label).
        importances: `models` and `ensemble`: share of each feature.
    """

    weights: dict[str, dict[str, float]]
    metrics: dict[str, Any]
    oof: pa.Table
    importances: dict[str, Any]

    def write(self, folder: Path) -> None:
        """Write weights.json, metrics.json, importances.json and oof.parquet."""
        for name in ("weights", "metrics", "importances"):
            (folder / f"{name}.json").write_text(canonical_json(getattr(self, name)) + "\n")
        pq.write_table(self.oof, folder / "oof.parquet", compression="zstd")


@dataclass(frozen=True, kw_only=True)
class _TargetFit:
    weights: dict[str, float]
    report: dict[str, Any]
    curves: dict[str, Any]
    predictions: Floats


def fit_ensemble(
    models: Sequence[ModelOof],
    labels: pa.Table,
    folds: pa.Table,
    targets: Sequence[Target],
    options: EnsembleOptions,
) -> EnsembleFit:
    """Learn the weights of the candidates on all out-of-fold rows, and judge them cross-fitted.

    Rows that no fold validates, or without a label, stay out. Baselines are reported, and never
    weighted.

    Raises:
        EnsembleError: If there is no candidate, or two models share a name, or no row is labelled.
        AlignmentError: If labels and folds do not describe the same rows.
    """
    check_aligned(folds, labels, names=("folds", "labels"))
    names = [model.name for model in models]
    if len(set(names)) < len(names) or not any(model.is_candidate for model in models):
        raise EnsembleError(
            "An ensemble needs models with names of their own, at least one of them a candidate; "
            f"got {names}, of which {sum(model.is_candidate for model in models)} are candidates."
        )
    fold = folds["fold"].to_numpy()
    fits, start = {}, 0
    for target, columns in zip(targets, output_columns(targets).values(), strict=True):
        outputs = slice(start, start + len(columns))
        start += len(columns)
        answers = encode_labels(target, labels[target.name].to_pandas())
        fits[target.name] = _fit_target(
            target, models=models, outputs=outputs, labels=answers, fold=fold, options=options
        )
    weights = {name: fit.weights for name, fit in fits.items()}
    predictions = np.hstack([fit.predictions for fit in fits.values()])
    return EnsembleFit(
        weights=weights,
        metrics={
            "targets": {name: fit.report for name, fit in fits.items()},
            "curves": {name: fit.curves for name, fit in fits.items()},
        },
        oof=_oof_table(folds, predictions, targets),
        importances=_importances(models, weights),
    )


def _fit_target(
    target: Target,
    *,
    models: Sequence[ModelOof],
    outputs: slice,
    labels: Floats,
    fold: npt.NDArray[np.int32],
    options: EnsembleOptions,
) -> _TargetFit:
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
    return _TargetFit(
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


def _oof_table(folds: pa.Table, predictions: Floats, targets: Sequence[Target]) -> pa.Table:
    rows = np.flatnonzero(folds["fold"].to_numpy() >= 0)
    columns = prediction_columns(predictions[rows], targets)
    known = {
        name: pa.array(column.to_numpy(zero_copy_only=False), from_pandas=True)
        for name, column in columns.items()
    }
    kept = folds.take(rows)
    return pa.table({name: kept[name] for name in (*KEYS, "fold")} | known)


def _importances(
    models: Sequence[ModelOof], weights: Mapping[str, Mapping[str, float]]
) -> dict[str, Any]:
    shares = {model.name: mean_importances(model.importances) for model in models}
    summed = {name: sum(w.get(name, 0.0) for w in weights.values()) for name in shares}
    parts = [(weight, shares[name]) for name, weight in summed.items() if weight > 0]
    return {"models": shares, "ensemble": blend_importances(parts)}
