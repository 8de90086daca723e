"""Scoring a shard with five folds of GBDT, against the same boosters' bare `predict`."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from harness import Result, data_folder, say
from yule_models import Target, assign_folds, load_estimator
from yule_models.ensemble import Blend
from yule_models.estimators.gbdt import GbdtEstimator
from yule_models.scoring import EnsembleMember, score
from yule_models.training import feature_frame, train_fold

_TARGET, _ENTITY = "income_over_50k", "user_id"
_FOLDS, _TURNS, _COPIES = 5, 3, 2
_LEAST_RATIO = 3.0
_MOST_DIFFERENCE = 1e-6


def measure() -> Result:
    """Score in turns by either, on one thread, the same rows with the same trees.

    The bare side is given its matrices; ours begins with the table, and reads the models.
    """
    frame = pd.read_parquet(data_folder("adult", "train.parquet") / "train.parquet")
    rows = _rows(frame.rename(columns={_ENTITY: "entity_id"}))
    labels, features = rows.select(["entity_id", "as_of", _TARGET]), rows.drop_columns([_TARGET])
    target = Target(name=_TARGET)
    blend = Blend(space="outputs", outputs=1, weights={"gbdt": 1.0})
    shard = pa.concat_tables([features] * _COPIES)
    turns = []
    with tempfile.TemporaryDirectory() as place:
        folders = _train(features, labels, target, Path(place))
        member = EnsembleMember(name="gbdt", folders=folders)
        given = [_bare(folder, shard) for folder in folders]
        for turn in range(_TURNS):
            started = time.process_time()
            scores = score([shard], [member], [target], {_TARGET: blend})[_TARGET].to_numpy()
            ours = time.process_time() - started
            started = time.process_time()
            each = [booster.predict(matrix, num_threads=1) for booster, matrix in given]
            reference = np.mean(np.array(each), axis=0)
            bare = time.process_time() - started
            difference = float(np.abs(scores - reference).max())
            assert difference <= _MOST_DIFFERENCE, f"They differ by {difference}."
            turns.append({"ours": ours, "reference": bare, "difference": difference})
            say(f"Turn {turn + 1} of {_TURNS}: {turns[-1]}.")
    ratio = median(turn["reference"] / turn["ours"] for turn in turns)
    return Result(
        ours=median(turn["ours"] for turn in turns),
        reference=median(turn["reference"] for turn in turns),
        unit="s of CPU",
        goal=f"at least {_LEAST_RATIO:.0f} times faster",
        is_met=ratio >= _LEAST_RATIO,
        details={
            "times_faster": ratio,
            "rows": shard.num_rows,
            "trees": sum(booster.num_trees() for booster, _ in given),
            "turns": turns,
        },
    )


def _rows(frame: pd.DataFrame) -> pa.Table:
    as_of = pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * len(frame), pa.timestamp("us", "UTC"))
    return pa.Table.from_pandas(frame, preserve_index=False).add_column(1, "as_of", as_of)


def _train(features: pa.Table, labels: pa.Table, target: Target, place: Path) -> list[Path]:
    folds = assign_folds(labels, {"kind": "stratified", "folds": _FOLDS}, seed=0)
    folders = []
    for fold in range(_FOLDS):
        say(f"Training fold {fold + 1} of {_FOLDS}.")
        fit = train_fold(
            features,
            labels,
            folds,
            fold=fold,
            model={"name": "gbdt", "kind": "gbdt", "params": {}},
            targets=[target],
            seed=0,
            threads=1,
        )
        folder = place / f"{fold}"
        folder.mkdir()
        fit.write(folder)
        folders.append(folder / "model")
    return folders


def _bare(folder: Path, shard: pa.Table) -> tuple[lgb.Booster, npt.NDArray[np.float64]]:
    estimator = load_estimator(folder)
    assert isinstance(estimator, GbdtEstimator)
    return estimator.boosters_[0], estimator.matrices(feature_frame(shard))[0]
