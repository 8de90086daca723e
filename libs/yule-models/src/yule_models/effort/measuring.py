"""Seconds of a fit and of a prediction, from short fits to made-up rows on this very machine.

Seconds are those of a core: of two short fits on a busy machine the clock on the wall says little.
How much longer they took on the wall is told apart.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from yule_models.effort.steps import usual_steps
from yule_models.estimators import Estimator
from yule_models.parameters import BySize
from yule_models.registry import check_params, describe_kind, make_estimator
from yule_models.targets import Target

__all__ = ["Effort", "measure_effort"]

_MOST_ROWS, _MOST_BOOSTED_CELLS, _MOST_COLUMNS = 2_000, 600_000, 60
"""Trees take as long for 2,000 rows as for a few hundred: of these, more are tried."""
_FEW, _MORE = 2, 6
"""Of a hundredth of the steps that a kind may take, so many."""
_INNER_SHARE = 0.15
Table = tuple[pd.DataFrame, pd.DataFrame]


@dataclass(frozen=True, kw_only=True)
class Effort:
    """What a model takes on this machine while nothing else runs.

    Attributes:
        start_s: Seconds of a fit before its first step.
        row_s: Seconds of a fit for each of its rows, all usual steps together.
        predict_s: Seconds of a prediction of one row.
        cpu_s: Seconds of a core that measuring took.
        wall_s: Seconds that it took on the wall, more where others keep the machine busy.
    """

    start_s: float
    row_s: float
    predict_s: float
    cpu_s: float = 0.0
    wall_s: float = 0.0

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
    clock: Callable[[], float] = time.process_time,
) -> Effort:
    """Fit a model to made-up rows for a few steps, and scale the time up.

    The steps are scaled to those that fits usually take (see `usual_steps`), rows and columns to
    their numbers where those are larger than 60 columns and 2,000 rows, for trees 600,000 values.

    Args:
        model: `kind` and `params`.
        targets: What is learned.
        rows: Rows that a fit will learn from.
        columns: Columns that they will have.
        threads: Threads of a fit.
        clock: Returns seconds of a core.
    """
    kind, params = model["kind"], _numbers(model, rows)
    usual = usual_steps(params)
    tried_columns = min(columns, _MOST_COLUMNS)
    most_rows = _MOST_ROWS if usual.kept is None else _MOST_BOOSTED_CELLS // tried_columns
    tried_rows = min(max(rows, 100), most_rows)
    training = _made_up(tried_rows, tried_columns, targets)
    inner = _made_up(int(tried_rows * _INNER_SHARE), tried_columns, targets)
    wider = max(columns / tried_columns, 1.0)

    def timed(steps: int) -> tuple[float, Estimator]:
        estimator = make_estimator(
            kind, targets=targets, seed=0, threads=threads, params=_short(params, steps)
        )
        started = clock()
        estimator.fit(*training, validation=inner)
        return (clock() - started) / threads, estimator

    if usual.parameter is None:
        timed(1)
        begun = time.perf_counter()
        seconds, estimator = timed(1)
        start_s, step_s, done, cpu_s = 0.0, seconds, 1, seconds
    else:
        few, more = (_steps(params[usual.parameter], share) for share in (_FEW, _MORE))
        timed(few)  # loads the library, and whatever else is done once
        begun = time.perf_counter()
        (first, _), (last, estimator) = timed(few), timed(more)
        cpu_s = first + last
        # Of very short fits the clock may tell no difference: then all of one counts as its steps.
        step_s = (last - first) / (more - few) if last > first else last / more
        start_s, done = max(first - few * step_s, 0.0), more
    wall_s = time.perf_counter() - begun
    started = clock()
    estimator.predict(training[0])
    predict_s = (clock() - started) / threads / tried_rows
    return Effort(
        start_s=start_s,
        row_s=step_s * usual.number * wider / tried_rows,
        predict_s=predict_s * wider * (1 if usual.kept is None else max(usual.kept / done, 1)),
        cpu_s=cpu_s,
        wall_s=wall_s,
    )


def _numbers(model: Mapping[str, Any], rows: int) -> dict[str, Any]:
    """Return all parameters, those that depend on the number of rows as they are for so many."""
    known = describe_kind(model["kind"]).parameters
    params = check_params(model["kind"], model["params"])
    return {
        name: each.choose(params[name], rows) if isinstance(each, BySize) else params[name]
        for name, each in known.items()
    }


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
