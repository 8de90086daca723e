"""Training one model on one fold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from gokart_store import canonical_json

from yule_models.alignment import KEYS
from yule_models.estimators import CurvePoint, Estimator
from yule_models.fold_rows import FoldRows, feature_frame, labelled_rows, target_names
from yule_models.metrics import encode_labels, evaluate
from yule_models.outputs import LABEL_PREFIX, output_slices, prediction_columns
from yule_models.targets import Target, predicted

__all__ = ["FoldFit", "feature_frame", "labelled_rows", "train_fold"]


@dataclass(frozen=True, kw_only=True)
class FoldFit:
    """A model trained on one fold, and how it did.

    Attributes:
        estimator: The fitted estimator.
        oof: The fold's validation rows in the order of the labels: entity_id, as_of, fold, the
            columns of predictions, and `label.<target>` for each target.
        curve: The learning curve: for each step its number and its values.
        importances: Share of each feature in the model; None where it cannot tell.
        summary: Numbers of rows, the best step, metrics on the validation rows; JSON.
    """

    estimator: Estimator
    oof: pa.Table
    curve: list[dict[str, Any]]
    importances: dict[str, float] | None
    summary: dict[str, Any]

    def write(self, folder: Path) -> None:
        """Write model/, oof.parquet, curve.json, importances.json and summary.json."""
        (folder / "model").mkdir()
        self.estimator.save(folder / "model")
        pq.write_table(self.oof, folder / "oof.parquet", compression="zstd")
        for name in ("curve", "importances", "summary"):
            (folder / f"{name}.json").write_text(canonical_json(getattr(self, name)) + "\n")


def train_fold(
    features: pa.Table,
    labels: pa.Table,
    folds: pa.Table,
    *,
    fold: int,
    model: Mapping[str, Any],
    targets: Sequence[Target],
    seed: int,
    threads: int,
    on_step: Callable[[CurvePoint], None] | None = None,
    checkpoint: Path | None = None,
    start: Path | None = None,
    ignore: Collection[str] = (),
) -> FoldFit:
    """Train a model on a fold's training rows, stop early on a part of them, judge it on the rest.

    Args:
        features: entity_id, as_of, and the features; one row for each labelled row.
        labels: entity_id, as_of, one column for each target, and perhaps row_weight, above 0; of
            weights only ratios matter.
        folds: What `assign_folds` returned for these labels.
        fold: Number of the fold.
        model: `name`, `kind` and `params` of the model.
        targets: The targets of the case; which of them the model learns, and how, its kind says
            (`yule_models.registry.learned_targets`).
        seed: Seed of the run; the model's own is derived from it, its name and the fold.
        threads: Threads of the fit, which may change its outcome.
        on_step: Told of each point of the learning curve as soon as it is known.
        checkpoint: Folder in which kinds that learn for long keep how far they came; None: nowhere.
        start: File of a trunk that the model starts from; None: from nothing.
        ignore: Features that the model is not to look at.

    Raises:
        AlignmentError: If the three tables do not describe the same rows.
        DivergenceError: If the loss of the fit is no longer a finite number.
        FoldError: If there is no such fold.
        OutOfMemoryError: If the rows do not fit into memory; the message says what they need.
    """
    rows = FoldRows.of(features, labels, folds, fold=fold, model=model, targets=targets, seed=seed)
    curve: dict[int, dict[str, float | None]] = {}

    def record(point: CurvePoint) -> None:
        # Targets that have models of their own tell the same steps one after another.
        curve.setdefault(point.step, {}).update(_finite(point.values))
        if on_step is not None:
            on_step(point)

    estimator = rows.fit(
        model,
        seed=seed,
        threads=threads,
        on_step=record,
        checkpoint=checkpoint,
        start=start,
        ignore=ignore,
    )
    validation = rows.split.validation
    held, held_answers = rows.of_positions(validation)
    predictions, judged = estimator.predict(held), predicted(rows.targets)
    importances = estimator.importances()
    return FoldFit(
        estimator=estimator,
        oof=_oof_table(labels.take(validation), fold, predictions, judged),
        curve=[{"step": step, "values": values} for step, values in sorted(curve.items())],
        importances=None if importances is None else dict(importances),
        summary={
            "model": model["name"],
            "kind": model["kind"],
            "fold": fold,
            "training_rows": len(rows.learned_from),
            "inner_rows": len(rows.set_aside),
            "purged_rows": rows.split.purged,
            "validation_rows": len(validation),
            "best_step": estimator.best_step_,
            "targets": {target.name: _learned(rows, target) for target in rows.targets},
            "start": estimator.start_,
            "metrics": _metrics(
                held_answers,
                predictions,
                judged,
                rows.weights_of(validation),
            ),
        },
    )


def _learned(rows: FoldRows, target: Target) -> dict[str, Any]:
    """Say how many labels of a target there were to learn from, and what for."""
    found = int(rows.answers[target.name].iloc[rows.training].notna().sum())
    return {"labels": found, "auxiliary": target.is_auxiliary}


def _oof_table(
    labels: pa.Table,
    fold: int,
    predictions: npt.NDArray[np.float64],
    targets: Sequence[Target],
) -> pa.Table:
    columns = {key: labels[key] for key in KEYS}
    columns["fold"] = pa.array(np.full(labels.num_rows, fold, dtype=np.int32))
    columns |= prediction_columns(predictions, targets)
    columns |= {f"{LABEL_PREFIX}{name}": labels[name] for name in target_names(targets)}
    return pa.table(columns)


def _metrics(
    answers: pd.DataFrame,
    predictions: npt.NDArray[np.float64],
    targets: Sequence[Target],
    weights: npt.NDArray[np.float64] | None,
) -> dict[str, dict[str, float | None]]:
    metrics, slices = {}, output_slices(targets)
    for target in targets:
        labels = encode_labels(target, answers[target.name])
        known = ~np.isnan(labels)
        if known.any():
            outputs = predictions[known, slices[target.name]]
            own = None if weights is None else weights[known]
            metrics[target.name] = evaluate(target, labels[known], outputs, own)
    return metrics


def _finite(values: Mapping[str, float]) -> dict[str, float | None]:
    return {tag: float(value) if np.isfinite(value) else None for tag, value in values.items()}
