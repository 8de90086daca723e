from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from yule_models import scoring
from yule_models.alignment import AlignmentError
from yule_models.ensemble import Blend, fit_interval
from yule_models.estimators import Estimator
from yule_models.registry import make_estimator
from yule_models.scoring import EnsembleMember, predict_in_batches, score, scored_columns
from yule_models.targets import Target

TARGETS = (Target(name="purchased"), Target(name="spend", kind="regression"))
ROWS = 60


def features() -> pa.Table:
    times = pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * ROWS, pa.timestamp("us", "UTC"))
    visits = np.random.default_rng(0).normal(size=ROWS)
    return pa.table({"entity_id": list(range(ROWS)), "as_of": times, "visits": visits})


def fitted(kind: str, *, base: float) -> Estimator:
    frame = pd.DataFrame({"visits": features()["visits"].to_numpy()})
    labels = pd.DataFrame({"purchased": [0.0, 1.0] * (ROWS // 2), "spend": [base] * ROWS})
    return make_estimator(kind, targets=TARGETS, seed=0, threads=1, params={}).fit(frame, labels)


def saved(folder: Path, base: float) -> Path:
    folder.mkdir()
    fitted("constant", base=base).save(folder)
    return folder


def weighted(**weights: float) -> Blend:
    return Blend(space="outputs", outputs=1, weights=weights)


ONLY = {"purchased": weighted(only=1), "spend": weighted(only=1)}


def test_fold_models_are_averaged_and_members_weighted_by_target(tmp_path: Path) -> None:
    low = [saved(tmp_path / "low-0", 1.0), saved(tmp_path / "low-1", 3.0)]
    high = [saved(tmp_path / "high-0", 10.0)]
    members = [
        EnsembleMember(name="low", folders=low),
        EnsembleMember(name="high", folders=high),
        EnsembleMember(name="unused", folders=[tmp_path / "missing"]),
    ]
    blends = {"purchased": weighted(low=1), "spend": weighted(low=0.75, high=0.25)}
    table = score([features()], members, TARGETS, blends)
    assert table.column_names == ["entity_id", "as_of", "purchased", "spend"]
    assert table["entity_id"].to_pylist() == list(range(ROWS))
    assert table["purchased"].to_numpy() == pytest.approx(np.full(ROWS, 0.5))
    assert table["spend"].to_numpy() == pytest.approx(np.full(ROWS, 0.75 * 2 + 0.25 * 10))


def test_batches_cover_every_row_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    estimator = fitted("linear", base=1.0)
    frame = pd.DataFrame({"visits": features()["visits"].to_numpy()})
    whole = estimator.predict(frame)
    monkeypatch.setattr(scoring, "BATCH_ROWS", 7)
    assert predict_in_batches(estimator, frame) == pytest.approx(whole)


def test_an_empty_shard_is_scored_to_no_rows(tmp_path: Path) -> None:
    member = EnsembleMember(name="only", folders=[saved(tmp_path / "only", 1.0)])
    table = score([features().slice(0, 0)], [member], TARGETS, ONLY)
    assert table.num_rows == 0
    assert table.column_names == ["entity_id", "as_of", "purchased", "spend"]


def test_each_fold_model_is_given_the_features_of_its_fold(tmp_path: Path) -> None:
    estimator = fitted("linear", base=1.0)
    folders = [tmp_path / "0", tmp_path / "1"]
    for folder in folders:
        folder.mkdir()
        estimator.save(folder)
    member = EnsembleMember(name="only", folders=folders)
    one, visits = features(), pa.array(np.linspace(-2, 2, ROWS))
    other = one.set_column(2, "visits", visits)

    both = score([one, other], [member], TARGETS, ONLY)["purchased"].to_numpy()

    alone = [
        score([table], [member], TARGETS, ONLY)["purchased"].to_numpy() for table in (one, other)
    ]
    assert not np.allclose(*alone)
    assert both == pytest.approx((alone[0] + alone[1]) / 2)


def test_features_of_other_rows_are_refused(tmp_path: Path) -> None:
    folders = [saved(tmp_path / "0", 1.0), saved(tmp_path / "1", 1.0)]
    member = EnsembleMember(name="only", folders=folders)
    mixed = features().take(list(reversed(range(ROWS))))
    with pytest.raises(AlignmentError, match="Row 0 of the features of one fold has entity_id 0"):
        score([features(), mixed], [member], TARGETS, ONLY)


def test_a_class_is_told_beside_its_probability() -> None:
    target = Target(name="plan", kind="multiclass", classes=("basic", "pro"))
    predictions = np.array([[0.2, 0.8], [0.5, 0.5]])
    columns = scored_columns(target, predictions, weighted(only=1))
    assert {name: values.to_pylist() for name, values in columns.items()} == {
        "plan": ["pro", "basic"],
        "plan.basic": [0.2, 0.5],
        "plan.pro": [0.8, 0.5],
    }


def test_a_number_is_told_with_its_interval() -> None:
    interval = fit_interval(np.arange(20.0), np.arange(20.0) + 1, level=0.9)
    blend = replace(weighted(only=1), interval=interval)
    columns = scored_columns(TARGETS[1], np.array([[0.5], [9.0]]), blend)
    assert {name: values.to_pylist() for name, values in columns.items()} == {
        "spend": [0.5, 9.0],
        "spend.lower": [0.0, 8.0],  # no label is negative
        "spend.upper": [0.5, 9.0],  # all labels are lower than predicted
    }
