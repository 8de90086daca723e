"""Five folds of GBDT through yule-models against the bare LightGBM API with the same parameters."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from gokart_store import derive_seed
from harness import Result, data_folder, say
from reference.bare_lightgbm import fit_and_predict
from sklearn.metrics import roc_auc_score
from yule_models import Target, assign_folds, check_params
from yule_models.folds import inner_split, split_fold
from yule_models.training import train_fold

_TARGET, _ENTITY = "income_over_50k", "user_id"
_FOLDS, _TURNS, _SEED = 5, 3, 0
_MOST_RATIO = 1.1
_MOST_DIFFERENCE = 0.002
_PARAMS = {"learning_rate": 0.03, "num_leaves": 31, "rounds": 300, "crosses": 0, "refit": False}
"""LightGBM has no counterpart of crosses and refits; what they cost is told apart."""


def measure() -> Result:
    """Fit all folds in turns by either, on one thread, on the same rows."""
    path = data_folder("adult", "train.parquet") / "train.parquet"
    frame = pd.read_parquet(path).rename(columns={_ENTITY: "entity_id"})
    as_of = pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * len(frame), pa.timestamp("us", "UTC"))
    rows = pa.Table.from_pandas(frame, preserve_index=False).add_column(1, "as_of", as_of)
    labels, features = rows.select(["entity_id", "as_of", _TARGET]), rows.drop_columns([_TARGET])
    folds = assign_folds(labels, {"kind": "stratified", "folds": _FOLDS}, seed=_SEED)
    answers = labels[_TARGET].to_numpy()
    turns = []
    for turn in range(_TURNS):
        ours, scores = _ours(features, labels, folds, _PARAMS)
        reference, others = _reference(features, labels, folds)
        # Other seeds and codes of categories give other trees: the same work, not the same scores.
        found = [float(roc_auc_score(answers, each)) for each in (scores, others)]
        assert abs(found[0] - found[1]) <= _MOST_DIFFERENCE, f"They do not learn the same: {found}."
        turns.append({"ours": ours, "reference": reference})
        say(f"Turn {turn + 1} of {_TURNS}: {turns[-1]}.")
    ratio = median(turn["ours"] / turn["reference"] for turn in turns)
    return Result(
        ours=median(turn["ours"] for turn in turns),
        reference=median(turn["reference"] for turn in turns),
        unit="s of CPU",
        goal=f"median ratio at most {_MOST_RATIO}",
        is_met=ratio <= _MOST_RATIO,
        details={
            "median_ratio": ratio,
            "with_all_defaults": _ours(features, labels, folds, {"rounds": 300})[0],
            "turns": turns,
        },
    )


def _ours(
    features: pa.Table, labels: pa.Table, folds: pa.Table, params: dict[str, float]
) -> tuple[float, npt.NDArray[np.float64]]:
    scores = np.empty(labels.num_rows)
    started = time.process_time()
    for fold in range(_FOLDS):
        fit = train_fold(
            features,
            labels,
            folds,
            fold=fold,
            model={"name": "gbdt", "kind": "gbdt", "params": params},
            targets=[Target(name=_TARGET)],
            seed=_SEED,
            threads=1,
        )
        with tempfile.TemporaryDirectory() as folder:
            fit.write(Path(folder))
        scores[split_fold(folds, fold).validation] = fit.oof[_TARGET].to_numpy()
    return time.process_time() - started, scores


def _reference(
    features: pa.Table, labels: pa.Table, folds: pa.Table
) -> tuple[float, npt.NDArray[np.float64]]:
    scores = np.empty(labels.num_rows)
    seconds = 0.0
    for fold in range(_FOLDS):
        split = split_fold(folds, fold)
        # Which rows stop early is no part of the work that is compared.
        inner = inner_split(labels.take(split.training), seed=derive_seed(_SEED, "inner", fold))
        parts = {
            "training": split.training[~inner],
            "inner": split.training[inner],
            "held": split.validation,
        }
        started = time.process_time()
        frame = features.drop_columns(["entity_id", "as_of"]).to_pandas()
        answers = labels[_TARGET].to_numpy()
        scores[split.validation] = fit_and_predict(
            frame, answers, parts, check_params("gbdt", _PARAMS), seed=_SEED
        )
        seconds += time.process_time() - started
    return seconds, scores
