"""A selection as a task: learned from the training rows of a fold, and heeded by its models."""

from datetime import UTC, datetime
from pathlib import Path

import luigi
import numpy as np
import pyarrow as pa
from gokart_store import DatasetFormat, ShardedDataset, StoredTask, run_task
from yule_models import assign_folds, load_estimator
from yule_models.tasks import AssignFolds, SelectFeatures, TrainFold

ROWS = 200
SCHEME = {"kind": "stratified", "folds": 2}
TARGETS = [{"name": "bought", "kind": "binary"}]
SIGNAL = np.random.default_rng(0).normal(size=ROWS)
LABELS = pa.table(
    {
        "entity_id": np.arange(ROWS),
        "as_of": pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * ROWS, pa.timestamp("us", "UTC")),
        "bought": (SIGNAL > 0).astype(np.int64),
    }
)


class Rows(StoredTask[ShardedDataset]):
    """Labels; or features, of which one is known of the rows alone that fold 0 validates."""

    format = DatasetFormat()
    what = luigi.Parameter()

    def run(self) -> None:
        held = assign_folds(LABELS, SCHEME, seed=0)["fold"].to_numpy() == 0
        late = pa.array(np.where(held, LABELS["bought"], np.nan), from_pandas=True)
        features = LABELS.drop_columns(["bought"])
        features = features.append_column("signal", pa.array(SIGNAL)).append_column("late", late)
        self.dump([LABELS if self.what == "labels" else features])


def test_no_row_that_a_fold_validates_decides_what_its_models_see(tmp_path: Path) -> None:
    place = {"workspace_directory": str(tmp_path)}
    labels, features = (Rows(what=what, **place) for what in ("labels", "features"))
    folds = AssignFolds(labels=labels, scheme=SCHEME, **place)
    for task in (labels, features, folds):
        run_task(task)
    rows = {"features": features, "labels": labels, "folds": folds, "targets": TARGETS, "fold": 0}
    selection = SelectFeatures(options={"missing_above": 0.9}, **rows, **place)
    model = {"name": "linear", "kind": "linear", "params": {}}
    fit = TrainFold(model=model, selection=[selection], threads=1, **rows, **place)
    for step in (selection, fit):
        run_task(step)

    found = selection.result()
    assert found["kept"] == ["signal"]
    assert found["removed"] == [
        {"step": "missing", "features": {"late": "missing in 100.0% of the training rows"}}
    ]
    assert load_estimator(fit.result().path("model")).ignored_ == ("late",)
