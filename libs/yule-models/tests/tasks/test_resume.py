"""A fold whose training is killed goes on where it had come to."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import luigi
import pyarrow as pa
import pytest
from gokart_store import DatasetFormat, ShardedDataset, StoredTask, run_task
from yule_models import AssignFolds, CurvePoint, SearchTrial, TrainFold, search_space
from yule_models.curves import CurveWriter
from yule_models.estimators import Estimator
from yule_models.fold_rows import FoldRows
from yule_models.testing import described_rows

PARAMS = {
    "tabm": {"members": 2, "width": 4, "embedding": 2, "bins": 2, "epochs": 4},
    "gbdt": {"rounds": 4, "min_data_in_leaf": 2},
}
KEPT = {"tabm": {"checkpoint.safetensors"}, "gbdt": {"boost-0.json"}}
ROWS = 60


class DescribedRows(StoredTask[ShardedDataset]):
    """Features or labels of some rows."""

    format = DatasetFormat()
    what = luigi.Parameter()

    def run(self) -> None:
        rows = described_rows(ROWS, seed=0)
        columns = rows.labels[["bought"]] if self.what == "labels" else rows.features[["visits"]]
        as_of = pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * ROWS, pa.timestamp("us", "UTC"))
        keys = {"entity_id": pa.array(range(ROWS)), "as_of": as_of}
        self.dump([pa.table(keys | {name: pa.array(columns[name]) for name in columns})])


def fit(store: Path, kind: str = "tabm", **params: Any) -> TrainFold:
    """Return a fit whose upstream is there."""
    return TrainFold(**arguments(store, kind, **params))


def trial(store: Path, kind: str) -> SearchTrial:
    """Return the first trial of a search, whose upstream is there."""
    space = search_space(kind, fixed=PARAMS[kind])
    return SearchTrial(space=space, number=0, **arguments(store, kind))


def arguments(store: Path, kind: str, **params: Any) -> dict[str, Any]:
    """Return what fits and trials have in common."""
    place = {"workspace_directory": str(store)}
    labels, features = (DescribedRows(what=what, **place) for what in ("labels", "features"))
    folds = AssignFolds(labels=labels, scheme={"kind": "stratified", "folds": 2}, **place)
    for task in (labels, features, folds):
        run_task(task)
    return {
        "features": features,
        "labels": labels,
        "folds": folds,
        "model": {"name": kind, "kind": kind, "params": {**PARAMS[kind], **params}},
        "targets": [{"name": "bought", "kind": "binary"}],
        "fold": 0,
        "threads": 1,
        **place,
    }


@pytest.fixture
def killed_after_two_epochs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Interrupt the first fit as SIGTERM does in a worker; tell the epochs that all fits told."""
    told: list[int] = []
    write = CurveWriter.write

    def interrupted(self: CurveWriter, point: CurvePoint) -> None:
        told.append(point.step)
        write(self, point)
        if told == [1, 2]:
            raise KeyboardInterrupt

    monkeypatch.setattr(CurveWriter, "write", interrupted)
    return told


@pytest.mark.parametrize("kind", ["tabm", "gbdt"])
def test_a_killed_fit_ends_as_one_that_was_not(
    kind: str, killed_after_two_epochs: list[int], tmp_path: Path
) -> None:
    killed, other = fit(tmp_path / "one", kind), fit(tmp_path / "other", kind)
    with pytest.raises(KeyboardInterrupt):
        run_task(killed)
    checkpoints = killed.side_folder("checkpoints")
    assert {path.name for path in checkpoints.iterdir()} == KEPT[kind]
    run_task(killed)
    assert killed_after_two_epochs == [1, 2, 1, 2, 3, 4]
    assert list(checkpoints.iterdir()) == []
    run_task(other)
    found, expected = killed.result(), other.result()
    assert [found.path(name).read_bytes() for name in found.names] == [
        expected.path(name).read_bytes() for name in expected.names
    ]


@pytest.mark.parametrize("kind", ["tabm", "gbdt"])
def test_a_killed_trial_ends_as_one_that_was_not(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed, other = trial(tmp_path / "one", kind), trial(tmp_path / "other", kind)
    fit_rows, told = FoldRows.fit, []

    def fit_until(last: int) -> Callable[..., Estimator]:
        def watched(*arguments: Any, **options: Any) -> Estimator:
            def tell(point: CurvePoint) -> None:
                told.append(point.step)
                if point.step == last:
                    raise KeyboardInterrupt

            return fit_rows(*arguments, **options, on_step=tell)

        return watched

    monkeypatch.setattr(FoldRows, "fit", fit_until(2))
    with pytest.raises(KeyboardInterrupt):
        run_task(killed)
    checkpoints = killed.side_folder("checkpoints")
    assert {path.name for path in checkpoints.iterdir()} == KEPT[kind]
    monkeypatch.setattr(FoldRows, "fit", fit_until(99))
    run_task(killed)
    assert told == [1, 2, 1, 2, 3, 4]
    assert list(checkpoints.iterdir()) == []
    run_task(other)
    assert killed.result() == other.result()


def test_a_fit_may_ask_for_a_gpu(tmp_path: Path) -> None:
    without, with_one = fit(tmp_path), fit(tmp_path, gpu=True)
    assert (without.required_resources().gpu, with_one.required_resources().gpu) == (0, 1)
    assert without.make_unique_id() != with_one.make_unique_id()
