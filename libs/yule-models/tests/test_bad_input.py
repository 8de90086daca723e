"""Input that breaks models elsewhere: learned from, or refused with one clear error."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from yule_models import Target, assign_folds, make_estimator
from yule_models.errors import DivergenceError, FeatureTypeError, TargetError
from yule_models.training import train_fold

RANDOM = np.random.default_rng(1)
ROWS = 80
LABELS = pd.DataFrame({"y": np.arange(ROWS) % 2, "z": np.arange(ROWS) * 1.0})
BINARY, NUMBER = Target(name="y"), Target(name="z", kind="regression")
SMALL = {"epochs": 2, "width": 8, "depth": 1, "embedding": 2, "bins": 4, "batch_rows": 32}
KINDS: dict[str, dict[str, Any]] = {
    "gbdt": {"rounds": 5},
    "linear": {},
    "constant": {},
    "neural": SMALL,
    "tabm": {**SMALL, "members": 2},
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def fitted(kind: str, features: pd.DataFrame, target: Target, labels: pd.DataFrame = LABELS):  # type: ignore[no-untyped-def]
    estimator = make_estimator(kind, targets=[target], seed=1, threads=1, params=KINDS[kind])
    return estimator.fit(features, labels)


@pytest.mark.parametrize("kind", ["gbdt", "linear", "neural"])
def test_ten_thousand_columns(kind: str) -> None:
    wide = pd.DataFrame(RANDOM.normal(size=(ROWS, 10_000)).astype(np.float32))
    wide.columns = [f"x{place}" for place in range(10_000)]
    wide["x77"] += 3 * LABELS["y"]
    found = fitted(kind, wide, BINARY).predict(wide)
    assert found.shape == (ROWS, 1)
    assert np.isfinite(found).all()
    if kind == "gbdt":
        assert found[1::2].mean() > found[::2].mean()


@every_kind
def test_one_column_twice_under_two_names(kind: str) -> None:
    column = RANDOM.normal(size=ROWS)
    twice = pd.DataFrame({"a b": column, 'a "b" {1}': column, "列 🎄": column})
    assert np.isfinite(fitted(kind, twice, BINARY).predict(twice)).all()


@every_kind
def test_one_name_twice_is_refused(kind: str) -> None:
    twice = pd.DataFrame(RANDOM.normal(size=(ROWS, 2)), columns=["a", "a"])
    with pytest.raises(FeatureTypeError, match=r"each name once; got \['a', 'a'\]"):
        fitted(kind, twice, BINARY)


@every_kind
@pytest.mark.parametrize("scale", [1e-300, 1e38, 1e300])
def test_numbers_beyond_float32(kind: str, scale: float) -> None:
    features = pd.DataFrame({"x": scale * RANDOM.normal(size=ROWS), "w": RANDOM.normal(size=ROWS)})
    assert np.isfinite(fitted(kind, features, BINARY).predict(features)).all()


@every_kind
def test_amounts_beyond_float32_are_predicted_or_refused(kind: str) -> None:
    features = pd.DataFrame({"x": LABELS["z"]})
    labels = LABELS.assign(z=1e39 * (1 + LABELS["z"]))
    if kind == "gbdt":
        with pytest.raises(TargetError, match=r"'z' reaches 8e\+40, and LightGBM counts up to"):
            fitted(kind, features, NUMBER, labels)
        return
    found = fitted(kind, features, NUMBER, labels).predict(features)
    assert np.isfinite(found).all()
    assert 1e39 < found.mean() < 1e41


def test_a_diverging_fit_names_model_fold_and_epoch_and_keeps_its_last_good_checkpoint(
    tmp_path: Path,
) -> None:
    features = pd.DataFrame({"x": RANDOM.normal(size=ROWS)})
    points: list[int] = []

    def poison(point: Any) -> None:
        """What a bad batch would do, after the second epoch was kept."""
        points.append(point.step)
        if point.step == 2:
            next(iter(model.network_.parameters())).data.fill_(np.nan)

    def make() -> Any:
        params = {**SMALL, "epochs": 4}
        return make_estimator("neural", targets=[BINARY], seed=1, threads=1, params=params)

    model = make()
    with pytest.raises(DivergenceError, match=r"The loss of epoch 3 is nan: the fit has diverged"):
        model.fit(features, LABELS, on_step=poison, checkpoint=tmp_path)
    assert points == [1, 2]
    resumed = make().fit(features, LABELS, checkpoint=tmp_path)
    expected = make().fit(features, LABELS)
    assert resumed.predict(features).tobytes() == expected.predict(features).tobytes()


def test_a_diverging_fit_names_its_model_and_its_fold() -> None:
    times = pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * ROWS, pa.timestamp("us", "UTC"))
    keys = {"entity_id": np.arange(ROWS), "as_of": times}
    labels = pa.table({**keys, "y": LABELS["y"].to_numpy()})
    features = pa.table({**keys, "x": RANDOM.normal(size=ROWS)})
    params = {**SMALL, "learning_rate": 1.0, "weight_decay": 10.0}
    params |= {"epochs": 80, "patience": 80}
    with pytest.raises(DivergenceError, match=r"The model 'net' on fold 1: The loss of epoch \d+"):
        train_fold(
            features,
            labels,
            assign_folds(labels, {"kind": "stratified", "folds": 2}, seed=0),
            fold=1,
            model={"name": "net", "kind": "neural", "params": params},
            targets=[BINARY],
            seed=0,
            threads=1,
        )
