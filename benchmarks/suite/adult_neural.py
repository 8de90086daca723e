"""Adult: AUC of the neural model against the linear one, on rows held out of the training file."""

from __future__ import annotations

import hashlib
import time
from typing import Any

import numpy as np
import pandas as pd
from harness import Result, data_folder, say
from sklearn.metrics import log_loss, roc_auc_score
from yule_models import Target, make_estimator

_TARGET, _ENTITY = "income_over_50k", "user_id"
_TENTHS, _INNER, _HELD = 10, 7, 8
"""Seven tenths of the users train, one stops early, two are held out."""


def measure() -> Result:
    """Fit both kinds with their default parameters to the same rows."""
    path = data_folder("adult", "train.parquet") / "train.parquet"
    rows = pd.read_parquet(path)
    part = np.array([_tenth(user) for user in rows[_ENTITY]])
    neural, linear = (_judge(kind, rows, part) for kind in ("neural", "linear"))
    return Result(
        ours=neural["auc"],
        reference=linear["auc"],
        unit="AUC on held-out rows",
        goal="neural better than linear",
        is_met=neural["auc"] > linear["auc"],
        details={"neural": neural, "linear": linear, "rows_held": int((part >= _HELD).sum())},
    )


def _judge(kind: str, rows: pd.DataFrame, part: np.ndarray[Any, Any]) -> dict[str, Any]:
    features, labels = rows.drop(columns=[_ENTITY, _TARGET]), rows[[_TARGET]].astype("int64")

    def those(chosen: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
        return features[chosen].reset_index(drop=True), labels[chosen].reset_index(drop=True)

    target = Target(name=_TARGET, kind="binary")
    estimator = make_estimator(kind, targets=[target], seed=1, threads=1)
    say(f"Fitting {kind}.")
    started, started_cpu = time.perf_counter(), time.process_time()
    estimator.fit(*those(part < _INNER), validation=those(part == _INNER))
    seconds, cpu_s = time.perf_counter() - started, time.process_time() - started_cpu
    held, answers = those(part >= _HELD)
    predictions = estimator.predict(held)[:, 0]
    return {
        "auc": float(roc_auc_score(answers[_TARGET], predictions)),
        "log_loss": float(log_loss(answers[_TARGET], predictions)),
        "fit_s": seconds,
        "fit_cpu_s": cpu_s,
        "best_step": estimator.best_step_,
    }


def _tenth(user: object) -> int:
    return int(hashlib.sha256(str(user).encode()).hexdigest()[:8], 16) % _TENTHS
