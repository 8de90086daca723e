"""An epoch of TabM on Adult against a training loop written by hand for the same network."""

from __future__ import annotations

import time
from statistics import median

import numpy as np
import numpy.typing as npt
import pandas as pd
from harness import Result, data_folder, say
from reference.tabm_loop import epoch_seconds
from yule_models import CurvePoint, Target, check_params, make_estimator

_TARGET, _ENTITY = "income_over_50k", "user_id"
_EPOCHS, _TURNS, _INNER = 3, 3, 7
_MOST_RATIO = 1.2


def measure() -> Result:
    """Train in turns by either, on one thread; both judge the inner rows after each epoch."""
    path = data_folder("adult", "train.parquet") / "train.parquet"
    frame = pd.read_parquet(path)
    is_inner = np.arange(len(frame)) % _INNER == 0
    features = frame.drop(columns=[_ENTITY, _TARGET])
    labels = frame[[_TARGET]].astype("int64")
    turns = []
    for turn in range(_TURNS):
        ours = _ours(features, labels, is_inner)
        params = check_params("tabm", {})
        reference = epoch_seconds(features, labels[_TARGET], is_inner, params, epochs=_EPOCHS)
        turns.append({"ours": ours, "reference": reference})
        say(f"Turn {turn + 1} of {_TURNS}: {turns[-1]}.")
    ratio = median(turn["ours"] / turn["reference"] for turn in turns)
    return Result(
        ours=median(turn["ours"] for turn in turns),
        reference=median(turn["reference"] for turn in turns),
        unit="s of CPU an epoch",
        goal=f"median ratio at most {_MOST_RATIO}",
        is_met=ratio <= _MOST_RATIO,
        details={"median_ratio": ratio, "turns": turns, "rows": int((~is_inner).sum())},
    )


def _ours(features: pd.DataFrame, labels: pd.DataFrame, is_inner: npt.NDArray[np.bool_]) -> float:
    """Return the CPU seconds between the ends of epochs; encoding is before the first."""
    ends: list[float] = []

    def note(_: CurvePoint) -> None:
        ends.append(time.process_time())

    estimator = make_estimator(
        "tabm",
        targets=[Target(name=_TARGET)],
        seed=0,
        threads=1,
        params={"epochs": _EPOCHS + 1},
    )
    parts = [
        (features[chosen].reset_index(drop=True), labels[chosen].reset_index(drop=True))
        for chosen in (~is_inner, is_inner)
    ]
    estimator.fit(*parts[0], validation=parts[1], on_step=note)
    return median(np.diff(ends).tolist())
