"""Seconds of a fit and of a prediction, from short fits to made-up rows on this very machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from yule_models.effort.steps import usual_steps
from yule_models.estimators import Estimator
from yule_models.registry import check_params, make_estimator
from yule_models.targets import Target

__all__ = ["Effort", "measure_effort"]

_MOST_ROWS, _MOST_COLUMNS = 2_000, 60
_FEW, _MORE = 2, 6
"""Of a hundredth of the steps that a kind may take, so many."""
_INNER_SHARE = 0.15
Table = tuple[pd.DataFrame, pd.DataFrame]


@dataclass(frozen=True, kw_only=True)
class Effort:
    """What a model takes on this machine, with one fit at a time.

    Attributes:
        start_s: Seconds of a fit before its first step.
        row_s: Seconds of a fit for each of its rows, all usual steps together.
        predict_s: Seconds of a prediction of one row.
    """

    start_s: float
    row_s: float
    predict_s: float

    def fit_s(self, rows: int) -> float:
        """Return the seconds of a fit to so many rows."""
        return self.start_s + self.row_s * rows


def measure_effort(
    model: Mapping[str, Any],
    *,
    targets: Sequence[Target],
    rows: int,
    columns: int,
    threads: int,
    clock: Callable[[], float] = time.perf_counter,
) -> Effort:
    """Fit a model to made-up rows for a few steps, and scale the time up.

    The steps are scaled to those that fits usually take (see `usual_steps`), rows and columns to
    their numbers where those are larger than 2,000 and 60.

    Args:
        model: `kind` and `params`.
        targets: What is learned.
        rows: Rows that a fit will learn from.
        columns: Columns that they will have.
        threads: Threads of a fit.
        clock: Returns seconds.
    """
    kind, params = model["kind"], check_params(model["kind"], model["params"])
    usual = usual_steps(params)
    tried_rows, tried_columns = min(max(rows, 100), _MOST_ROWS), min(columns, _MOST_COLUMNS)
    training = _made_up(tried_rows, tried_columns, targets)
    inner = _made_up(int(tried_rows * _INNER_SHARE), tried_columns, targets)
    wider = max(columns / tried_columns, 1.0)

    def timed(steps: int) -> tuple[float, Estimator]:
        estimator = make_estimator(
            kind, targets=targets, seed=0, threads=threads, params=_short(params, steps)
        )
        started = clock()
        estimator.fit(*training, validation=inner)
        return clock() - started, estimator

    if usual.parameter is None:
        timed(1)
        seconds, estimator = timed(1)
        start_s, step_s, done = 0.0, seconds, 1
    else:
        few, more = (_steps(params[usual.parameter], share) for share in (_FEW, _MORE))
        timed(few)  # loads the library, and whatever else is done once
        (first, _), (last, estimator) = timed(few), timed(more)
        # Of very short fits the clock may tell no difference: then all of one counts as its steps.
        step_s = (last - first) / (more - few) if last > first else last / more
        start_s, done = max(first - few * step_s, 0.0), more
    started = clock()
    estimator.predict(training[0])
    predict_s = (clock() - started) / tried_rows
    return Effort(
        start_s=start_s,
        row_s=step_s * usual.number * wider / tried_rows,
        predict_s=predict_s * wider * (1 if usual.kept is None else max(usual.kept / done, 1)),
    )


def _steps(most: int, share: int) -> int:
    return max(most * share // 100, share // 2)


def _short(params: Mapping[str, Any], steps: int) -> dict[str, Any]:
    """Return parameters with which a fit takes so many steps, and does nothing else."""
    known: dict[str, Any] = {"rounds": steps, "epochs": steps, "refit": False, "crosses": 0}
    known |= {"monotone": {}, "pretraining_epochs": 0}
    return {**params, **{name: value for name, value in known.items() if name in params}}


def _made_up(rows: int, columns: int, targets: Sequence[Target]) -> Table:
    """Return features, a third of them categories, and labels that follow from the first one."""
    random = np.random.default_rng(0)
    numbers = random.normal(size=(rows, columns))
    features = pd.DataFrame(numbers, columns=[f"c{column}" for column in range(columns)])
    for column in range(2, columns, 3):
        features[f"c{column}"] = pd.Series(random.integers(0, 12, rows)).map("v{}".format)
    signal = numbers[:, 0] + random.normal(size=rows)
    ranks = np.argsort(np.argsort(signal)) / rows
    labels: dict[str, Any] = {}
    for target in targets:
        if target.kind == "regression":
            labels[target.name] = signal
        elif target.kind == "binary":
            labels[target.name] = (ranks > 1 / 2).astype(np.int64)
        else:
            classes = np.asarray(target.classes or (), dtype=object)
            labels[target.name] = classes[(ranks * len(classes)).astype(np.int64)]
    return features, pd.DataFrame(labels)
