"""Combining models, target by target, and reporting how each and all of them do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from gokart_store import canonical_json

from yule_models.alignment import KEYS, check_aligned, row_weights
from yule_models.ensemble.blend import Blend
from yule_models.ensemble.errors import EnsembleError
from yule_models.ensemble.importance import blend_importances, mean_importances
from yule_models.ensemble.oof import ModelOof
from yule_models.ensemble.options import EnsembleOptions
from yule_models.ensemble.target_fit import fit_target
from yule_models.folds import assignments
from yule_models.metrics import encode_labels
from yule_models.outputs import LABEL_PREFIX, output_slices, prediction_columns

if TYPE_CHECKING:
    from yule_models.targets import Target

__all__ = ["EnsembleFit", "fit_ensemble"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class EnsembleFit:
    """An ensemble and its report.

    Attributes:
        blends: By target, how models are combined.
        weights: Share of each candidate by target; those of a target sum to 1.
        metrics: By target, for each model and the ensemble, the metrics of each fold, their mean
            and their deviation; and what suits each kind of target to be drawn. JSON.
        oof: Rows with out-of-fold predictions: entity_id, as_of, fold (of the first repeat), the
            ensemble's cross-fitted predictions (null where the target has no label), and
            `label.<target>`, encoded.
        importances: `models` and `ensemble`: share of each feature.
    """

    blends: dict[str, Blend]
    weights: dict[str, dict[str, float]]
    metrics: dict[str, Any]
    oof: pa.Table
    importances: dict[str, Any]

    def write(self, folder: Path) -> None:
        """Write blends.json, weights.json, metrics.json, importances.json and oof.parquet."""
        blends = {name: blend.to_json() for name, blend in self.blends.items()}
        (folder / "blends.json").write_text(canonical_json(blends) + "\n")
        for name in ("weights", "metrics", "importances"):
            (folder / f"{name}.json").write_text(canonical_json(getattr(self, name)) + "\n")
        pq.write_table(self.oof, folder / "oof.parquet", compression="zstd")


def fit_ensemble(
    models: Sequence[ModelOof],
    labels: pa.Table,
    folds: pa.Table,
    targets: Sequence[Target],
    options: Mapping[str, EnsembleOptions],
) -> EnsembleFit:
    """Learn to combine the candidates on all out-of-fold rows, and judge that cross-fitted.

    Rows that no fold validates, or without a label, stay out. Baselines are reported, and never
    weighted.

    Args:
        models: What each model predicted, out of fold.
        labels: Labelled rows: entity_id, as_of, one column for each target, and perhaps row_weight.
        folds: What `assign_folds` returned for these labels.
        targets: The targets.
        options: How models are combined, by target; the default for targets that it lacks.

    Raises:
        EnsembleError: If there is no candidate, or two models share a name, or no row is labelled,
            or options do not suit their target.
        AlignmentError: If labels and folds do not describe the same rows.
    """
    check_aligned(folds, labels, names=("folds", "labels"))
    names = [model.name for model in models]
    if len(set(names)) < len(names) or not any(model.is_candidate for model in models):
        raise EnsembleError(
            "An ensemble needs models with names of their own, at least one of them a candidate; "
            f"got {names}, of which {sum(model.is_candidate for model in models)} are candidates."
        )
    fold = assignments(folds)
    slices = output_slices(targets)
    answers = {t.name: encode_labels(t, labels[t.name].to_pandas()) for t in targets}
    fits = {
        target.name: fit_target(
            target,
            models=models,
            outputs=slices[target.name],
            labels=answers[target.name],
            fold=fold,
            options=options.get(target.name, EnsembleOptions()),
            weights=row_weights(labels),
        )
        for target in targets
    }
    weights = {name: fit.weights for name, fit in fits.items()}
    predictions = np.hstack([fit.predictions for fit in fits.values()])
    return EnsembleFit(
        blends={name: fit.blend for name, fit in fits.items()},
        weights=weights,
        metrics={
            "targets": {name: fit.report for name, fit in fits.items()},
            "curves": {name: fit.curves for name, fit in fits.items()},
        },
        oof=_oof_table(folds, predictions, answers, targets),
        importances=_importances(models, weights),
    )


def _oof_table(
    folds: pa.Table,
    predictions: Floats,
    answers: Mapping[str, Floats],
    targets: Sequence[Target],
) -> pa.Table:
    rows = np.flatnonzero(folds["fold"].to_numpy() >= 0)
    columns = prediction_columns(predictions[rows], targets)
    columns |= {f"{LABEL_PREFIX}{name}": pa.array(values[rows]) for name, values in answers.items()}
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
