"""The summary as JSON: what `yule run --json` prints, and `run.json` holds."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from yule_cli.summary.model import RunSummary
from yule_cli.summary.scores import Scores, TargetScores

__all__ = ["SCHEMA_VERSION", "to_json"]

SCHEMA_VERSION = 1
"""Grows when a field is renamed, removed or changes its meaning; new fields leave it alone."""


def to_json(summary: RunSummary) -> dict[str, Any]:
    """Return the summary as JSON values.

    Returns:
        `schema_version`, `run_id`, `case`, `status` ("succeeded" or "failed"), `error` (text or
        null), `started_at` (ISO 8601, UTC), `seconds` (wall-clock), `resolved_digest`,
        `model_version`, `rows_scored`, `predictions_digest` (sha256 over the files);
        `table`: the `warehouse`, the `table` that the predictions were written into, and `how`
        ("replace" or "append"), or null;
        `repeats`: of a repetition the `run_id` of the earlier run and `has_same_predictions` (true,
        false, or null where that is not known), else null;
        `metrics`: by target `kind`, `main_metric`, `fold_repeats` (how often rows were cut into
        folds anew), `models` by name (`candidate`, `mean` and `std` by metric, `folds`: one object
        with `fold`, `rows` and the metrics for each, of all repeats) and `ensemble`
        (the same, with `weights` by model, `cross_fitted`, `method`, `calibration`, `dropped`:
        models without a weight, each with the reason, and `interval`: of a regression `level`,
        `coverage`, `mean_width`, `rows` that they were learned from and `least_rows` that it takes
        to hold the level), or null;
        `data`: of `training` and `population` `rows`, `unknown_rows` (no feature's table knows the
        entity at that time), `features` (by name `unknown_rows` and `not_finite`: how often a row
        with a NaN or an infinite number was seen), `constant_columns` and `missing_columns`;
        `drift`: `auc` and `usual_auc`, or null, `is_apart` (whether the first is far above the
        second), `drifted` (names of features that are not as in the latest training rows) and
        `features` (that moved furthest: `feature`, `distance`,
        `usual_distance`, and of `training` and `population` what is `typical` and the share that is
        `missing`); null if the run failed;
        `leaks`: `suspects` (names of features that may know the outcome, and of late columns),
        `targets` (by target `kind`, `features`, `ranking` of `feature` and `score`, `suspects`,
        `lead`, or null, and `margin`) and `late_columns` (`name` and `reason`: what is read at once
        and is known later by another entry of the catalogue);
        `searches`: by model that was searched `trials`: `fold`, `number`, `params`, `loss` (on rows
        set aside within the fold's training, as a share of a constant's; null where it failed),
        `failure`, or null, and `is_chosen`;
        `removed_features`: what selection left out: `feature`, `step`, `folds` and `reason` of the
        first of them;
        `explanation`: by target `loss`, `unit` ("log-odds" or "value"), and of the `ensemble`
        and of `models` by name the first features with their `permutation` (rise of the loss out of
        fold), `permutation_error` (its standard error over folds), `shap` (mean absolute
        contribution, in the unit) and `gain` (share by the model's own account);
        `contacts`: by target `population` (rows), `top` (by share of best-scored rows `share`,
        `rows`, `least_score`, `expected`, `lift`, `validated_lift`) and `plan`, or null (`cost`,
        `value`, `cut`, `worthwhile`, `rows`, `least_score`, `expected`, `profit`, `profit_of_all`,
        `validated` and `validated_rows` by fold);
        `learning`: by model, what it learned from on the last fold: `labels` by target, which of
        these were `auxiliary`, and `start`, or null (`sha256`, `origin`, `known`, `new`,
        `lacking`);
        `tasks`: numbers `computed` and `reused`;
        `stages`: by stage `computed`, `reused`, `seconds` (of tasks computed now), `saved_seconds`
        (what the reused ones had cost) and `peak_memory_gib`;
        `paths`: absolute, `run`, `resolved`, `predictions`, `report`, and `shared`, the URL of the
        run's files in a bucket, where `predictions` is a URL too; null where there is none;
        `mlflow`: `run_id`, `experiment` and `uri`, or null; `tensorboard`: a folder, or null.
        Values that are not finite are null.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "run_id": summary.run_id,
        "case": summary.case,
        "status": summary.status,
        "error": summary.error,
        "started_at": summary.started_at.isoformat(),
        "seconds": round(summary.seconds, 3),
        "resolved_digest": summary.resolved_digest,
        "model_version": summary.model_version,
        "rows_scored": summary.rows_scored,
        "predictions_digest": summary.predictions_digest,
        "table": None if summary.table is None else asdict(summary.table),
        "repeats": None if summary.repeats is None else asdict(summary.repeats),
        "metrics": {target.name: _target(target) for target in summary.targets},
        "data": {name: asdict(facts) for name, facts in summary.data.items()},
        "drift": None if summary.drift is None else asdict(summary.drift),
        "leaks": {
            "suspects": list(summary.leak_suspects),
            "targets": {name: asdict(found) for name, found in summary.leaks.items()},
            "late_columns": [asdict(column) for column in summary.late_columns],
        },
        "learning": {found.model: _without(asdict(found), "model") for found in summary.learning},
        "searches": {
            found.model: {"trials": [asdict(trial) for trial in found.trials]}
            for found in summary.searches
        },
        "removed_features": [asdict(entry) for entry in summary.removed],
        "explanation": {name: asdict(found) for name, found in summary.explanation.items()},
        "contacts": {name: found.to_json() for name, found in summary.contacts.items()},
        "tasks": {"computed": summary.computed, "reused": summary.reused},
        "stages": {cost.stage: _without(asdict(cost), "stage") for cost in summary.stages},
        "paths": {
            "run": str(summary.paths.run),
            "resolved": str(summary.paths.resolved),
            "predictions": _text(summary.paths.predictions),
            "report": _text(summary.paths.report),
            "shared": summary.paths.shared,
        },
        "mlflow": None if summary.mlflow is None else asdict(summary.mlflow),
        "tensorboard": _text(summary.paths.tensorboard),
    }


def _target(target: TargetScores) -> dict[str, Any]:
    ensemble, combination = target.ensemble, target.combination
    return {
        "kind": target.kind,
        "main_metric": target.main_metric,
        "fold_repeats": target.fold_repeats,
        "models": {
            model.name: {"candidate": model.is_candidate, **_scores(model)}
            for model in target.models
        },
        "ensemble": None
        if ensemble is None
        else {
            "weights": dict(target.weights),
            "cross_fitted": target.is_cross_fitted,
            **({} if combination is None else asdict(combination)),
            **_scores(ensemble),
        },
    }


def _scores(scores: Scores) -> dict[str, Any]:
    return {
        "mean": dict(scores.mean),
        "std": dict(scores.std),
        "folds": [dict(fold) for fold in scores.folds],
    }


def _without(fields: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != name}


def _text(path: Path | str | None) -> str | None:
    return None if path is None else str(path)
