"""One trial of a search: a fit to a fold's training rows, judged on those that it sets aside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from gokart_store import derive_seed

from yule_models.errors import DivergenceError
from yule_models.fold_rows import FoldRows
from yule_models.parameters import Auto
from yule_models.registry import check_params, describe_kind
from yule_models.search.judging import judge
from yule_models.search.sampling import suggest
from yule_models.search.space import SearchSpace, number_of
from yule_models.targets import Target

__all__ = ["run_trial", "trials_seen"]

_FIRST, _ROUND = 8, 4
"""Trials that learn from none, the one of the defaults among them; and those that run at once."""


def trials_seen(number: int) -> int:
    """Return how many trials come before a trial's round: so many it learns from.

    The first eight learn from none, and each four after them from all rounds before theirs: trials
    of a round can be computed at the same time. How many trials there will be changes none of them.

    Example:
        >>> [trials_seen(number) for number in (0, 7, 8, 11, 12)]
        [0, 0, 8, 8, 12]
    """
    return 0 if number < _FIRST else _FIRST + (number - _FIRST) // _ROUND * _ROUND


def run_trial(
    features: pa.Table,
    labels: pa.Table,
    folds: pa.Table,
    *,
    fold: int,
    model: Mapping[str, Any],
    space: SearchSpace,
    number: int,
    earlier: Sequence[Mapping[str, Any]],
    targets: Sequence[Target],
    seed: int,
    threads: int,
    checkpoint: Path | None = None,
    start: Path | None = None,
    ignore: Collection[str] = (),
) -> dict[str, Any]:
    """Try parameters on a fold, without a look at the rows that the fold validates.

    The model is fitted to the fold's training rows but for its inner validation part, which stops
    it early and judges it. The trial of number 0 tries the defaults, moved into the ranges.

    Args:
        features: entity_id, as_of, and the features; one row for each labelled row.
        labels: entity_id, as_of, one column for each target, and perhaps row_weight.
        folds: What `assign_folds` returned for these labels.
        fold: Number of the fold.
        model: `name`, `kind` and the `params` that all trials share.
        space: What is tried; see `search_space`.
        number: Number of the trial, from 0 on.
        earlier: The first `trials_seen(number)` trials.
        targets: The targets of the case.
        seed: Seed of the run.
        threads: Threads of the fit.
        checkpoint: Folder in which kinds that learn for long keep how far they came; None: nowhere.
        start: File of a trunk that the model starts from; None: from nothing.
        ignore: Features that the model is not to look at.

    Returns:
        JSON: `number`; `params`, those of the space; `loss` on the inner rows, and the losses
        `without` each part of them (see `judge`); None and empty where the fit diverged, as
        `failure` says.

    Raises:
        MissingLibraryError: If Optuna is not installed.
        SearchError: If no inner row has a label.
    """
    rows = FoldRows.of(features, labels, folds, fold=fold, model=model, targets=targets, seed=seed)
    if number == 0:
        params = _defaults(model, space, rows=len(rows.learned_from))
    else:
        own_seed = derive_seed(seed, model["name"], fold, "trial", number)
        params = suggest(space, earlier, seed=own_seed, random_trials=_FIRST)
    tried = {**model.get("params", {}), **params}
    if "refit" in describe_kind(model["kind"]).parameters:
        tried["refit"] = False  # or the rows that judge would be learned from
    found = {"number": number, "params": params, "loss": None, "without": [], "failure": None}
    try:
        estimator = rows.fit(
            {**model, "params": tried},
            seed=seed,
            threads=threads,
            checkpoint=checkpoint,
            start=start,
            ignore=ignore,
        )
    except DivergenceError as error:
        return {**found, "failure": str(error)}
    frame, answers = rows.of_positions(rows.set_aside)
    loss, without = judge(rows, answers, estimator.predict(frame), seed=seed)
    return {**found, "loss": loss, "without": without}


def _defaults(model: Mapping[str, Any], space: SearchSpace, *, rows: int) -> dict[str, int | float]:
    params = check_params(model["kind"], model.get("params", {}))
    described = describe_kind(model["kind"]).parameters
    found: dict[str, int | float] = {}
    for name, known in space.items():
        parameter, value = described[name], params[name]
        number = parameter.choose(value, rows) if isinstance(parameter, Auto) else value
        inside = min(max(number, known["low"]), known["high"])
        found[name] = number_of(model["kind"], name).normal(inside)
    return found
