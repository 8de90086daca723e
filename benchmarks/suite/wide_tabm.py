"""An epoch of TabM over hundreds of columns, against layers that copy the rows for each member."""

from __future__ import annotations

import time
from statistics import median
from unittest.mock import patch

import numpy as np
import pandas as pd
import torch
from harness import Result, say
from yule_models import CurvePoint, Target, make_estimator
from yule_models.estimators.neural.tabm import MemberLinear

_ROWS, _COLUMNS, _EPOCHS, _TURNS = 4_096, 360, 2, 3
_LEAST_TIMES = 1.5


def measure() -> Result:
    """Train in turns by either, on one thread; encoding is left out."""
    random = np.random.default_rng(0)
    numbers = random.normal(size=(_ROWS, _COLUMNS))
    features = pd.DataFrame(numbers, columns=[f"c{column}" for column in range(_COLUMNS)])
    labels = pd.DataFrame({"bought": (numbers[:, 0] + random.normal(size=_ROWS) > 0).astype(int)})
    turns = []
    for turn in range(_TURNS):
        ours, own_curve = _epoch_seconds(features, labels)
        with patch.object(MemberLinear, "forward", _copying):
            reference, curve = _epoch_seconds(features, labels)
        np.testing.assert_allclose(own_curve, curve, rtol=1e-3)
        turns.append({"ours": ours, "reference": reference})
        say(f"Turn {turn + 1} of {_TURNS}: {turns[-1]}.")
    times = median(turn["reference"] / turn["ours"] for turn in turns)
    return Result(
        ours=median(turn["ours"] for turn in turns),
        reference=median(turn["reference"] for turn in turns),
        unit="s of CPU an epoch",
        goal=f"at least {_LEAST_TIMES} times faster, the same losses",
        is_met=times >= _LEAST_TIMES,
        details={"median_times": times, "turns": turns, "rows": _ROWS, "columns": _COLUMNS},
    )


def _epoch_seconds(features: pd.DataFrame, labels: pd.DataFrame) -> tuple[float, list[float]]:
    """Return the CPU seconds between the ends of epochs, and the loss of each."""
    ends, losses = [], []

    def note(point: CurvePoint) -> None:
        ends.append(time.process_time())
        losses.append(point.values["train/log_loss"])

    estimator = make_estimator(
        "tabm",
        targets=[Target(name="bought")],
        seed=0,
        threads=1,
        params={"members": 16, "epochs": _EPOCHS + 1},
    )
    estimator.fit(features, labels, on_step=note)
    return median(np.diff(ends).tolist()), losses


def _copying(layer: MemberLinear, units: torch.Tensor) -> torch.Tensor:
    return torch.addcmul(layer.bias, (units * layer.r) @ layer.weight, layer.s)
