from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from yule_models.estimators import CurvePoint
from yule_models.metrics import evaluate
from yule_models.registry import make_estimator
from yule_models.targets import Target
from yule_models.testing import TARGETS, described_rows

ROWS = described_rows(300, seed=1)
QUICK = {"rounds": 5}


def test_stored_boosters_know_neutral_names_only(tmp_path: Path) -> None:
    features = ROWS.features.rename(columns={"amount": 'sum, of "{amounts}"', "plan": "größe 计划"})
    gbdt = make_estimator("gbdt", targets=TARGETS[:1], seed=0, threads=1, params=QUICK)
    gbdt.fit(features, ROWS.labels).save(tmp_path)
    text = (tmp_path / "booster-0.txt").read_text(encoding="ascii")
    assert "\nfeature_names=f0 f1 f2 f3 f4 f5 f6 f7 f8\n" in text
    assert set(gbdt.importances() or {}) == set(features.columns)


def test_each_target_has_a_booster_of_its_own(tmp_path: Path) -> None:
    gbdt = make_estimator("gbdt", targets=TARGETS, seed=0, threads=1, params=QUICK)
    points = []
    gbdt.fit(ROWS.features, ROWS.labels, on_step=points.append)
    gbdt.save(tmp_path)
    assert len(list(tmp_path.glob("booster-*.txt"))) == 3
    assert [(point.step, point.prefix) for point in points] == [
        (step, f"{target.name}/") for target in TARGETS for step in range(1, 6)
    ]
    assert [set(point.values) for point in points[::5]] == [
        {"bought/train/log_loss", "bought/learning_rate"},
        {"segment/train/log_loss", "segment/learning_rate"},
        {"spend/train/squared_error", "spend/learning_rate"},
    ]


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.kind)
def test_curves_of_trees_and_of_networks_have_the_same_names(target: Target) -> None:
    inner = described_rows(100, seed=2)
    curves = {}
    for kind, params in {"gbdt": {"rounds": 11}, "tabm": {"epochs": 1, "members": 2}}.items():
        points: list[CurvePoint] = []
        make_estimator(kind, targets=[target], seed=0, threads=1, params=params).fit(
            ROWS.features,
            ROWS.labels,
            validation=(inner.features, inner.labels),
            on_step=points.append,
        )
        curves[kind] = points
        assert all((point.seconds or 0) > 0 for point in points)
    assert set(curves["gbdt"][0].values) == set(curves["tabm"][0].values)
    loss = next(
        name
        for name in curves["gbdt"][0].values
        if name.startswith("inner/") and ("loss" in name or "error" in name)
    )
    assert all(loss in point.values for point in curves["gbdt"])


def test_the_metric_of_a_curve_is_that_of_the_booster_so_far() -> None:
    inner = described_rows(100, seed=2)
    weights = np.linspace(1, 3, 100)
    points: list[CurvePoint] = []
    params = {"rounds": 11, "refit": False, "crosses": 0, "patience": 100}
    gbdt = make_estimator("gbdt", targets=TARGETS[:1], seed=0, threads=1, params=params)
    gbdt.fit(
        ROWS.features,
        ROWS.labels,
        validation=(inner.features, inner.labels),
        sample_weight=np.ones(300),
        validation_weight=weights,
        on_step=points.append,
    )
    (matrix,) = gbdt.matrices(inner.features)  # type: ignore[attr-defined]
    found = gbdt.boosters_[0].predict(matrix, num_iteration=1)  # type: ignore[attr-defined]
    expected = roc_auc_score(inner.labels["bought"].astype(int), found, sample_weight=weights)
    assert points[0].values["inner/auc"] == pytest.approx(expected, abs=1e-12)
    assert points[0].values["learning_rate"] == 0.01  # of few rows


def test_another_seed_gives_other_trees() -> None:
    found = [
        make_estimator("gbdt", targets=TARGETS[:1], seed=seed, threads=1, params=QUICK)
        .fit(ROWS.features, ROWS.labels)
        .predict(ROWS.features)
        .tobytes()
        for seed in (0, 1)
    ]
    assert found[0] != found[1]


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    few = pd.DataFrame({"same": [1.0] * 8, "colour": ["red", None] * 4})
    gbdt = make_estimator("gbdt", targets=TARGETS[:1], seed=0, threads=1, params=QUICK)
    gbdt.fit(few, pd.DataFrame({"bought": [0, 1] * 4})).predict(few)
    captured = capfd.readouterr()
    assert captured.out == captured.err == ""


def test_the_rounds_that_were_chosen_are_boosted_on_all_rows() -> None:
    inner = described_rows(100, seed=2)
    fits = []
    for refit in (True, False):
        model = make_estimator(
            "gbdt",
            targets=TARGETS[:1],
            seed=0,
            threads=1,
            params={"rounds": 200, "patience": 5, "learning_rate": 0.1, "refit": refit},
        )
        model.fit(ROWS.features, ROWS.labels, validation=(inner.features, inner.labels))
        fits.append(model)
    again, once = fits
    assert again.best_step_ == once.best_step_
    assert once.best_step_ is not None
    trees = [model.boosters_[0].num_trees() for model in (again, once)]
    assert trees == [round(1.1 * once.best_step_), once.best_step_]
    # Rows that stopped the fit were learned from as well.
    losses = [
        evaluate(
            TARGETS[0],
            inner.labels["bought"].to_numpy(),
            model.predict(inner.features),
        )["log_loss"]
        for model in (again, once)
    ]
    assert losses[0] < 0.7 * losses[1]


def test_a_split_may_part_categories_in_any_way() -> None:
    """One split parts every other one of six categories, whose codes follow their frequency."""
    kinds = np.repeat(list("abcdef"), [350, 300, 250, 200, 150, 100])
    labels = pd.DataFrame({"bought": np.isin(kinds, list("ace")).astype(int)})
    params = {"rounds": 1, "num_leaves": 2, "crosses": 0, "bagging_freq": 0}
    model = make_estimator(
        "gbdt", targets=[Target(name="bought")], seed=0, threads=1, params=params
    )
    found = model.fit(pd.DataFrame({"kind": kinds}), labels).predict(
        pd.DataFrame({"kind": list("abcdef")})
    )[:, 0]
    assert found[::2].min() > found[1::2].max()
