"""Trials as tasks: each stored by itself, a longer search going on from a shorter one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import luigi
import numpy as np
import pyarrow as pa
import pytest
from gokart_store import DatasetFormat, ShardedDataset, StoredTask, run_task
from yule_models.search import chosen_trial, search_space, trials_seen
from yule_models.tasks import AssignFolds, SearchTrial, TrainFold, TrainSearchedFold

TARGETS = [{"name": "purchased", "kind": "binary"}]
MODEL = {"name": "tuned", "kind": "linear", "params": {}}


class MadeUpRows(StoredTask[ShardedDataset]):
    """Labels of 200 customers, or the features that foretell these."""

    format = DatasetFormat()
    what = luigi.Parameter()

    def run(self) -> None:
        random = np.random.default_rng(7)
        visits, price = random.normal(size=(2, 200))
        times = pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * 200, pa.timestamp("us", "UTC"))
        columns: dict[str, Any] = {"entity_id": np.arange(200), "as_of": times}
        if self.what == "labels":
            noise = random.normal(size=200)
            columns["purchased"] = (visits - price + noise > 0).astype(np.int64)
        else:
            columns |= {"visits": visits, "price": price}
        self.dump([pa.table(columns)])


def search(store: Path, *, trials: int, fold: int = 0) -> TrainSearchedFold:
    place = {"workspace_directory": str(store)}
    labels = MadeUpRows(what="labels", **place)
    folds = AssignFolds(labels=labels, scheme={"kind": "grouped", "folds": 2}, **place)
    arguments: dict[str, Any] = {
        "features": MadeUpRows(what="features", **place),
        "labels": labels,
        "folds": folds,
        "model": MODEL,
        "targets": TARGETS,
        "fold": fold,
        "threads": 1,
        **place,
    }
    tasks: list[SearchTrial] = []
    for number in range(trials):
        earlier = tuple(tasks[: trials_seen(number)])
        space = search_space("linear")
        tasks.append(SearchTrial(space=space, number=number, earlier=earlier, **arguments))
    return TrainSearchedFold(trials=tuple(tasks), **arguments)


def compute(fit: TrainSearchedFold) -> list[dict[str, Any]]:
    upstream: Sequence[Any] = (fit.labels, fit.features, fit.folds, *fit.trials)
    for task in (*upstream, fit):
        if not task.complete():
            run_task(task)
    return [task.result() for task in fit.trials]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


def test_a_fold_is_trained_with_its_chosen_trial(store: Path) -> None:
    fit = search(store, trials=10)
    found = compute(fit)
    best = chosen_trial(found)
    stored = fit.result()
    assert stored.json("search.json") == {"chosen": best["number"], "trials": found}
    assert fit.trained_model()["params"] == best["params"]
    # The same as a fit that is given these parameters.
    given = TrainFold(
        features=fit.features,
        labels=fit.labels,
        folds=fit.folds,
        model={**MODEL, "params": best["params"]},
        targets=TARGETS,
        fold=0,
        threads=1,
        workspace_directory=str(store),
    )
    run_task(given)
    assert given.result().table("oof.parquet") == stored.table("oof.parquet")


def test_the_same_search_finds_the_same_elsewhere(store: Path, tmp_path: Path) -> None:
    here, elsewhere = (compute(search(place, trials=10)) for place in (store, tmp_path))
    assert here == elsewhere


def test_a_longer_search_goes_on_from_a_shorter_one(store: Path) -> None:
    shorter, longer = search(store, trials=10), search(store, trials=14)
    assert longer.trials[:10] == shorter.trials
    assert longer != shorter
    compute(shorter)
    assert [task.complete() for task in longer.trials] == [True] * 10 + [False] * 4


def test_folds_search_for_themselves(store: Path) -> None:
    first, second = (compute(search(store, trials=3, fold=fold)) for fold in (0, 1))
    assert [trial["params"] for trial in first[1:]] != [trial["params"] for trial in second[1:]]


def test_identities_name_the_sampler(store: Path) -> None:
    fit = search(store, trials=1)
    assert set(fit.trials[0].fingerprint()) == {"engine", "sampler"}
    assert fit.trials[0].fingerprint()["sampler"].startswith("optuna ")
