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
import pyarrow.compute as pc
import pyarrow.parquet as pq
from gokart_store import canonical_json, derive_seed

from yule_models.alignment import KEYS, check_aligned, row_weights
from yule_models.errors import DivergenceError
from yule_models.estimators import CurvePoint, Estimator
from yule_models.folds import inner_split, split_fold
from yule_models.memory import OutOfMemoryError, is_out_of_memory, needed_gib
from yule_models.metrics import encode_labels, evaluate
from yule_models.outputs import LABEL_PREFIX, output_slices, prediction_columns
from yule_models.registry import describe_kind, learned_targets, make_estimator
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
    check_aligned(features, labels, names=("features", "labels"))
    check_aligned(folds, labels, names=("folds", "labels"))
    split = split_fold(folds, fold)
    params = model.get("params", {})
    targets = learned_targets(model["kind"], params, targets)
    training = labelled_rows(labels, split.training, targets)
    inner = _inner_rows(labels, training, predicted(targets), derive_seed(seed, "inner", fold))
    curve: dict[int, dict[str, float | None]] = {}

    def record(point: CurvePoint) -> None:
        # Targets that have models of their own tell the same steps one after another.
        curve.setdefault(point.step, {}).update(_finite(point.values))
        if on_step is not None:
            on_step(point)

    answers = labels.select(_names(targets)).to_pandas()
    weights = row_weights(labels)
    entities = labels["entity_id"].to_pandas().to_numpy(dtype=object)

    def rows(positions: npt.NDArray[np.int64]) -> tuple[pd.DataFrame, pd.DataFrame]:
        part = answers.iloc[positions].reset_index(drop=True)
        return feature_frame(features.take(pa.array(positions))), part

    estimator = make_estimator(
        model["kind"],
        targets=targets,
        seed=derive_seed(seed, model["name"], fold),
        threads=threads,
        params=params,
    )
    try:
        estimator.fit(
            *rows(training[~inner]),
            validation=rows(training[inner]) if inner.any() else None,
            sample_weight=None if weights is None else weights[training[~inner]],
            groups=entities[training[~inner]],
            validation_weight=(
                weights[training[inner]] if weights is not None and inner.any() else None
            ),
            validation_groups=entities[training[inner]] if inner.any() else None,
            on_step=record,
            checkpoint=checkpoint,
            start=start,
            unlabelled=_unlabelled(features, np.setdiff1d(split.training, training)),
            ignore=ignore,
        )
    except DivergenceError as error:
        raise DivergenceError(f"The model {model['name']!r} on fold {fold}: {error}") from error
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        count, columns = len(training), features.num_columns - len(KEYS)
        raise OutOfMemoryError(
            f"The model {model['name']!r} on fold {fold} does not fit into memory: {count:,} rows "
            f"of {columns:,} features need about {needed_gib(count, columns):.2f} GiB. Give the "
            f"run more memory or fewer workers, or leave features out by `select`{_smaller(model)}."
        ) from error
    held, held_answers = rows(split.validation)
    predictions, judged = estimator.predict(held), predicted(targets)
    importances = estimator.importances()
    return FoldFit(
        estimator=estimator,
        oof=_oof_table(labels.take(split.validation), fold, predictions, judged),
        curve=[{"step": step, "values": values} for step, values in sorted(curve.items())],
        importances=None if importances is None else dict(importances),
        summary={
            "model": model["name"],
            "kind": model["kind"],
            "fold": fold,
            "training_rows": int(np.count_nonzero(~inner)),
            "inner_rows": int(np.count_nonzero(inner)),
            "purged_rows": split.purged,
            "validation_rows": len(split.validation),
            "best_step": estimator.best_step_,
            "targets": {target.name: _learned(answers, training, target) for target in targets},
            "start": estimator.start_,
            "metrics": _metrics(
                held_answers,
                predictions,
                judged,
                None if weights is None else weights[split.validation],
            ),
        },
    )


def feature_frame(features: pa.Table) -> pd.DataFrame:
    """Return the features of a table, without its keys if it has them, as estimators take them.

    Lists stay Arrow's: as objects of Python they would take many times the memory.
    """
    columns = features.drop_columns([key for key in KEYS if key in features.column_names])
    # Column by column, so that a table nobody else holds is freed as its frame grows.
    frame: pd.DataFrame = columns.to_pandas(
        split_blocks=True,
        self_destruct=True,
        types_mapper=lambda kind: pd.ArrowDtype(kind) if pa.types.is_list(kind) else None,
    )
    return frame


def _smaller(model: Mapping[str, Any]) -> str:
    """Name the parameter by which a kind takes less memory, where it has one."""
    name = "micro_batch_rows"
    has_it = name in describe_kind(model["kind"]).parameters
    return f", or set `{name}`, so that less of a step is in memory at once" if has_it else ""


def _unlabelled(features: pa.Table, rows: npt.NDArray[np.int64]) -> pd.DataFrame | None:
    """Return the features of training rows that lack a label of all that the model learns."""
    return feature_frame(features.take(pa.array(rows))) if len(rows) else None


def _names(targets: Sequence[Target]) -> list[str]:
    return [target.name for target in targets]


def labelled_rows(
    labels: pa.Table, rows: npt.NDArray[np.int64], targets: Sequence[Target]
) -> npt.NDArray[np.int64]:
    """Return those of the rows that have a label for at least one target."""
    has_label = np.zeros(len(rows), dtype=np.bool_)
    for target in targets:
        has_label |= labels[target.name].is_valid().to_numpy()[rows]
    return rows[has_label]


def _inner_rows(
    labels: pa.Table, training: npt.NDArray[np.int64], judged: Sequence[Target], seed: int
) -> npt.NDArray[np.bool_]:
    """Choose the rows that stop early: the same for all models of a fold.

    They are chosen among rows with a label of a predicted target, so that scores of models that
    learn auxiliary ones too differ by the models alone; other rows go where their entity is.
    """
    decisive = np.isin(training, labelled_rows(labels, training, judged))
    inner = np.zeros(len(training), dtype=np.bool_)
    inner[decisive] = inner_split(
        labels.take(training[decisive]).select([*KEYS, *_names(judged)]), seed=seed
    )
    if not decisive.all():
        entities = labels["entity_id"].take(training)
        chosen = entities.filter(pa.array(inner)).combine_chunks()
        inner |= pc.is_in(entities, value_set=chosen).to_numpy()
    return inner


def _learned(
    answers: pd.DataFrame, training: npt.NDArray[np.int64], target: Target
) -> dict[str, Any]:
    """Say how many labels of a target there were to learn from, and what for."""
    found = int(answers[target.name].iloc[training].notna().sum())
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
    columns |= {f"{LABEL_PREFIX}{name}": labels[name] for name in _names(targets)}
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
