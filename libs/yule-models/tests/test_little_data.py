"""Ten rows, a class of which one fold's training rows have none, labels of some rows only."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from yule_models.ensemble import ModelOof, fit_ensemble, gather_oof
from yule_models.folds import FoldError, assign_folds
from yule_models.targets import Target
from yule_models.training import train_fold

ROWS = 10
KINDS: dict[str, dict[str, Any]] = {
    "gbdt": {"rounds": 3},
    "linear": {},
    "constant": {},
    "neural": {"epochs": 2, "width": 8},
}
BINARY = Target(name="y")
CLASSES = Target(name="y", kind="multiclass", classes=("a", "b", "c"))
NUMBER = Target(name="y", kind="regression")
LABELS: dict[Target, list[Any]] = {
    BINARY: [0, 1] * 5,
    CLASSES: ["a", "b"] * 4 + ["a", "c"],  # the fold that validates c never saw it
    NUMBER: [float(n) for n in range(9)] + [None],
}


def rows(**columns: Any) -> pa.Table:
    times = pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * ROWS, pa.timestamp("us", "UTC"))
    return pa.table({"entity_id": list(range(ROWS)), "as_of": times, **columns})


@pytest.mark.parametrize("target", LABELS, ids=lambda target: target.kind)
def test_ten_rows_make_an_ensemble(target: Target) -> None:
    labels = rows(y=LABELS[target])
    features = rows(x=np.arange(10.0), plan=["p", None] * 5)
    folds = assign_folds(labels, {"kind": "stratified", "folds": 2}, seed=0)
    models = []
    for kind, params in KINDS.items():
        fits = [
            train_fold(
                features,
                labels,
                folds,
                fold=fold,
                model={"name": kind, "kind": kind, "params": params},
                targets=[target],
                seed=0,
                threads=1,
            )
            for fold in range(2)
        ]
        tables = {fold: fit.oof for fold, fit in enumerate(fits)}
        oof = gather_oof(tables, folds, [target], model=kind)
        models.append(ModelOof(name=kind, is_candidate=True, predictions=oof))

    ensemble = fit_ensemble(models, labels, folds, [target], {})

    report = ensemble.metrics["targets"]["y"]["ensemble"]
    loss = "rmse" if target.kind == "regression" else "log_loss"
    assert all(np.isfinite(fold[loss]) for fold in report["folds"])
    assert sum(fold["rows"] for fold in report["folds"]) == ROWS - labels["y"].null_count


def test_missing_labels_make_no_second_class() -> None:
    labels = rows(y=[1, 0, 1, 0, *[None] * 6], z=[0, 1] * 5)
    with pytest.raises(FoldError, match="'y'"):
        assign_folds(labels, {"kind": "stratified", "folds": 5}, seed=0)


def test_a_fold_without_any_label_of_a_target_is_refused() -> None:
    labels = rows(y=[0, 1, 0, 1, *[None] * 6], z=[0, 1] * 5)
    days = [1, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    times = [datetime(2024, 1, day, tzinfo=UTC) for day in days]
    labels = labels.set_column(1, "as_of", pa.array(times, pa.timestamp("us", "UTC")))
    message = "Fold 0 of 2 would be validated on rows without a label of 'y': none of its 3 rows as"
    with pytest.raises(FoldError, match=message):
        assign_folds(labels, {"kind": "forward", "folds": 2, "horizon_s": 0}, seed=0)


def test_one_positive_is_refused_with_its_number() -> None:
    labels = rows(y=[1, *[0] * 9])
    with pytest.raises(FoldError, match="The rarest class of 'y' has 1 rows of 1 entities"):
        assign_folds(labels, {"kind": "stratified", "folds": 2}, seed=0)
