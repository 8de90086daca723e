"""What others reach on the same rows and the same cores."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from harness.apart import environment_apart, python_apart
from harness.children import say
from harness.errors import BenchmarkError

__all__ = ["Peer", "autogluon", "plain_lightgbm"]

_FOLDS, _ROUNDS, _PATIENCE = 5, 2000, 100


@dataclass(frozen=True, kw_only=True)
class Peer:
    """Another way to learn from the training rows.

    Attributes:
        name: What it is.
        auc: On the test rows.
        seconds: Of fits and predictions.
    """

    name: str
    auc: float
    seconds: float


def plain_lightgbm(training: pd.DataFrame, test: pd.DataFrame, target: str) -> Peer:
    """Average LightGBM over 5 folds, each stopped early by the rows it leaves out."""
    import lightgbm as lgb

    started = time.perf_counter()
    features, answers = training.drop(columns=target), training[target].to_numpy()
    everybody = pd.concat([features, test.drop(columns=target)])
    texts = everybody.select_dtypes(["object", "string"]).columns
    everybody = everybody.astype(dict.fromkeys(texts, "category"))
    known, unknown = everybody.iloc[: len(training)], everybody.iloc[len(training) :]
    settings = {
        "objective": "binary",
        "metric": "auc",
        "learning_rate": 0.05,
        "num_threads": len(os.sched_getaffinity(0)),
        "verbosity": -1,
        "seed": 0,
    }
    scores = np.zeros(len(test))
    for fit, held in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(known, answers):
        data = lgb.Dataset(known.iloc[fit], answers[fit])
        booster = lgb.train(
            settings,
            data,
            _ROUNDS,
            valid_sets=[lgb.Dataset(known.iloc[held], answers[held], reference=data)],
            callbacks=[lgb.early_stopping(_PATIENCE, verbose=False)],
        )
        scores += np.asarray(booster.predict(unknown)) / _FOLDS
    return Peer(
        name=plain_lightgbm.__name__,
        auc=float(roc_auc_score(test[target], scores)),
        seconds=time.perf_counter() - started,
    )


def autogluon(training: pd.DataFrame, test: pd.DataFrame, target: str) -> Peer | None:
    """Let AutoGluon learn, in its own environment.

    Returns:
        None where that is not installed.

    Raises:
        BenchmarkError: If AutoGluon fails.
    """
    python = python_apart("autogluon")
    if python is None:
        say('AutoGluon is left out: install it by nox -s "peers(autogluon)".')
        return None
    script = Path(__file__).parents[1] / "reference" / "autogluon_fit.py"
    with tempfile.TemporaryDirectory() as lent:
        folder = Path(lent)
        training.to_parquet(folder / "training.parquet")
        test.to_parquet(folder / "test.parquet")
        child = subprocess.run(
            [str(python), str(script), str(folder), target],
            env=environment_apart(),
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if child.returncode:
            raise BenchmarkError(f"AutoGluon ended with exit code {child.returncode}, see above.")
        told = json.loads(child.stdout.splitlines()[-1])
        scores = pd.read_parquet(folder / "scores.parquet")["score"]
    return Peer(
        name=f"AutoGluon {told['version']} {told['preset']}",
        auc=float(roc_auc_score(test[target], scores)),
        seconds=told["seconds"],
    )
