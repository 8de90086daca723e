from pathlib import Path

import pandas as pd
import pytest
from yule_models.metrics import evaluate
from yule_models.registry import make_estimator
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
    points: list[set[str]] = []
    gbdt.fit(ROWS.features, ROWS.labels, on_step=lambda point: points.append(set(point.values)))
    gbdt.save(tmp_path)
    assert len(list(tmp_path.glob("booster-*.txt"))) == 3
    assert points[0] == {
        "bought/train/log_loss",
        "segment/train/log_loss",
        "spend/train/squared_error",
    }


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
