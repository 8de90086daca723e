from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from yule_models.alignment import AlignmentError
from yule_models.fold_rows import FoldRows
from yule_models.folds import FoldError, assign_folds
from yule_models.outputs import prediction_matrix
from yule_models.targets import Target
from yule_models.training import FoldFit, feature_frame, train_fold

ROWS = 200
PURCHASED = Target(name="purchased", kind="binary")
SPEND = Target(name="spend", kind="regression")


def tables() -> tuple[pa.Table, pa.Table]:
    random = np.random.default_rng(3)
    signal = random.normal(size=ROWS)
    times = pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * ROWS, pa.timestamp("us", "UTC"))
    keys = {"entity_id": pa.array(range(ROWS)), "as_of": times}
    purchased = (signal + random.normal(size=ROWS) > 0).astype(np.int64)
    labels = pa.table({**keys, "purchased": purchased, "spend": signal * 3})
    colours = pa.array(random.choice(["red", "green"], ROWS)).dictionary_encode()
    features = pa.table({**keys, "visits": signal, "profile.colour": colours})
    return features, labels


def fit(features: pa.Table, labels: pa.Table, **options: Any) -> FoldFit:
    folds = options.pop("folds", None) or assign_folds(labels, {"folds": 4}, seed=0)
    arguments = {
        "fold": 0,
        "model": {"name": "line", "kind": "linear", "params": {}},
        "targets": [PURCHASED],
        "seed": 0,
        "threads": 1,
    }
    return train_fold(features, labels, folds, **{**arguments, **options})


def test_rows_are_trained_on_set_aside_or_validated() -> None:
    summary = fit(*tables()).summary
    assert summary["validation_rows"] == 50
    assert summary["training_rows"] + summary["inner_rows"] == 150
    assert summary["inner_rows"] == pytest.approx(0.15 * 150, abs=1)
    assert summary["metrics"]["purchased"]["auc"] > 0.7


def test_each_fold_and_each_model_has_a_seed_of_its_own() -> None:
    features, labels = tables()
    line, other = ({"name": name, "kind": "linear", "params": {}} for name in ("line", "other"))
    fits = [
        fit(features, labels, fold=fold, model=model, seed=seed)
        for fold, model, seed in ((0, line, 0), (1, line, 0), (0, other, 0), (0, line, 1))
    ]
    assert len({each.estimator.seed for each in fits}) == 4
    assert fit(features, labels).estimator.seed == fits[0].estimator.seed


def test_features_are_learned_of_training_rows_without_labels_and_of_no_validated_row() -> None:
    features, labels = tables()
    folds = assign_folds(labels, {"folds": 4}, seed=0)
    fold = folds["fold"].to_numpy()
    is_unknown = (fold == 1) & (np.arange(ROWS) % 2 == 0)
    labels = labels.set_column(
        2, "purchased", pa.array(labels["purchased"].to_numpy(), mask=is_unknown)
    )
    params = {"pretraining_epochs": 2, "epochs": 2, "width": 8, "bins": 4, "embedding": 2}
    model = {"name": "net", "kind": "neural", "params": params}

    def learned(changed: np.ndarray) -> bytes:
        visits = features["visits"].to_numpy().copy()
        visits[changed] += 5
        own = features.set_column(2, "visits", pa.array(visits))
        estimator = fit(own, labels, folds=folds, model=model).estimator
        return estimator.predict(feature_frame(features)).tobytes()

    before = learned(np.zeros(ROWS, dtype=np.bool_))
    assert learned(fold == 0) == before
    assert learned(is_unknown) != before


def test_validation_labels_do_not_reach_the_model() -> None:
    features, labels = tables()
    folds = assign_folds(labels, {"folds": 4}, seed=0)
    held = folds["fold"].to_numpy() == 0
    purchased = labels["purchased"].to_numpy()
    flipped = labels.set_column(2, "purchased", pa.array(np.where(held, 1 - purchased, purchased)))
    before = fit(features, labels, folds=folds)
    after = fit(features, flipped, folds=folds)
    assert before.oof["purchased"] == after.oof["purchased"]
    assert before.summary["metrics"] != after.summary["metrics"]


def test_several_targets_are_learned_together() -> None:
    line = {"name": "line", "kind": "linear", "params": {"regularisation": 1.0}}
    fitted = fit(*tables(), targets=[PURCHASED, SPEND], model=line)
    assert fitted.oof.column_names[2:] == [
        "fold",
        "purchased",
        "spend",
        "label.purchased",
        "label.spend",
    ]
    assert fitted.summary["metrics"]["spend"]["r2"] > 0.8


def test_classes_have_a_probability_each() -> None:
    features, labels = tables()
    thirds = np.digitize(labels["spend"].to_numpy(), [-1.5, 1.5])
    segments = pa.array(np.array(["low", "middle", "high"])[thirds].tolist())
    target = Target(name="segment", kind="multiclass", classes=("low", "middle", "high"))
    table = labels.select(["entity_id", "as_of"]).append_column("segment", segments)
    fitted = fit(features, table, targets=[target])
    assert fitted.oof.column_names[3:6] == ["segment.low", "segment.middle", "segment.high"]
    assert prediction_matrix(fitted.oof, [target]).sum(axis=1) == pytest.approx(np.ones(50))
    assert fitted.summary["metrics"]["segment"]["macro_auc"] > 0.8


def test_rows_without_a_label_are_predicted_and_not_judged() -> None:
    features, labels = tables()
    some = pa.array(
        [
            None if row % 5 == 0 else value
            for row, value in enumerate(labels["purchased"].to_pylist())
        ],
        pa.int64(),
    )
    fitted = fit(features, labels.set_column(2, "purchased", some))
    assert fitted.oof["purchased"].null_count == 0
    assert fitted.oof["label.purchased"].null_count > 0
    assert fitted.summary["training_rows"] + fitted.summary["inner_rows"] < 150


def test_each_point_of_the_curve_is_told_at_once() -> None:
    told: list[int] = []
    model = {"name": "trees", "kind": "gbdt", "params": {}}
    fitted = fit(*tables(), model=model, on_step=lambda point: told.append(point.step))
    assert told == [point["step"] for point in fitted.curve]
    assert len(told) > 1
    assert 1 <= fitted.summary["best_step"] <= told[-1]
    assert set(fitted.importances or ()) == {"visits", "profile.colour"}


def test_rows_of_an_inner_entity_do_not_tell_each_other_their_labels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each of 150 inner customers has a shop, 40 visits there, and bought always or never."""
    random = np.random.default_rng(1)
    visits = np.repeat([1, 40], [3000, 150])
    entity = np.arange(3150).repeat(visits)
    signal = random.normal(size=3150)
    purchased = (signal + random.normal(size=3150) > 0).astype(np.int64)
    start = np.datetime64("2024-01-01", "us")
    visit = np.arange(len(entity)) - np.flatnonzero(np.diff(entity, prepend=-1))[entity]
    times = pa.array(start + visit * np.timedelta64(1, "D"), pa.timestamp("us", "UTC"))
    keys = {"entity_id": pa.array(entity), "as_of": times}
    shops = pa.array([f"s{number % 150}" for number in entity])
    features = pa.table({**keys, "shop": shops, "signal": signal[entity]})
    labels = pa.table({**keys, "purchased": purchased[entity]})
    assigned = pa.array(np.where(entity < 1500, 0, 1), pa.int32())
    ends = pa.nulls(len(entity), pa.timestamp("us", "UTC"))
    folds = pa.table({**keys, "fold": assigned, "label_end": ends})

    def last_customers(rows: pa.Table, *, seed: int) -> np.ndarray:
        return rows["entity_id"].to_numpy() >= 3000

    monkeypatch.setattr("yule_models.fold_rows.inner_split", last_customers)
    params = {"rounds": 100, "learning_rate": 0.1}
    fitted = fit(
        features, labels, folds=folds, model={"name": "t", "kind": "gbdt", "params": params}
    )
    assert fitted.summary["inner_rows"] == 6000
    assert fitted.summary["metrics"]["purchased"]["auc"] > 0.805  # with the leak 0.788


def test_a_row_with_an_auxiliary_label_alone_goes_where_its_entity_is() -> None:
    """Each of 100 customers has a row that says whether he bought, and one of what he spent."""
    features, labels = tables()
    entity = pa.array(np.arange(ROWS) // 2)
    is_first = np.arange(ROWS) % 2 == 0
    bought = pa.array(labels["purchased"].to_numpy(), mask=~is_first)
    labels = labels.set_column(0, "entity_id", entity).set_column(2, "purchased", bought)
    rows = FoldRows.of(
        features.set_column(0, "entity_id", entity),
        labels,
        assign_folds(labels, {"kind": "grouped", "folds": 2}, seed=0),
        fold=0,
        model={"name": "net", "kind": "neural", "params": {}},
        targets=[PURCHASED, replace(SPEND, is_auxiliary=True)],
        seed=0,
    )
    aside, learned = (
        set(entity.take(part).to_pylist()) for part in (rows.set_aside, rows.learned_from)
    )
    assert len(rows.set_aside) == 2 * len(aside) > 0
    assert not aside & learned


def test_features_of_other_rows_are_refused() -> None:
    features, labels = tables()
    with pytest.raises(AlignmentError, match="Row 0 of the features has entity_id 199"):
        fit(features.take(list(reversed(range(ROWS)))), labels)


def test_a_fold_that_is_not_there_is_refused() -> None:
    with pytest.raises(FoldError, match="There is no fold 4; the last one is 3"):
        fit(*tables(), fold=4)


def test_auxiliary_labels_change_neither_who_stops_early_nor_what_is_judged() -> None:
    features, labels = tables()
    known = np.arange(ROWS) % 4 == 0
    few = labels.set_column(2, "purchased", pa.array(labels["purchased"].to_numpy(), mask=~known))
    folds = assign_folds(few, {"folds": 3}, seed=0)
    quick = {"epochs": 2, "width": 4, "embedding": 2, "bins": 2}
    net = {"name": "net", "kind": "neural", "params": quick}
    targets = [PURCHASED, replace(SPEND, is_auxiliary=True)]
    helped, alone = (
        fit(features, few, folds=folds, targets=told, model=net) for told in (targets, [PURCHASED])
    )
    assert helped.oof.column_names == alone.oof.column_names
    assert helped.summary["targets"] == {
        "purchased": {
            "labels": alone.summary["targets"]["purchased"]["labels"],
            "auxiliary": False,
        },
        "spend": {
            "labels": helped.summary["training_rows"] + helped.summary["inner_rows"],
            "auxiliary": True,
        },
    }
    assert helped.summary["inner_rows"] == alone.summary["inner_rows"]
    assert helped.summary["training_rows"] > alone.summary["training_rows"]
    trees = {"name": "line", "kind": "linear", "params": {}}
    apart = [
        fit(features, few, folds=folds, targets=told, model=trees)
        for told in (targets, [PURCHASED])
    ]
    assert apart[0].oof.equals(apart[1].oof)
    assert apart[0].summary == apart[1].summary
