"""Targets that are only there to help."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from yule_models import CurvePoint, Estimator, Target, load_estimator, make_estimator
from yule_models.testing import TARGETS, described_rows

BOUGHT, SEGMENT, SPEND = TARGETS
HELPING = (BOUGHT, replace(SEGMENT, is_auxiliary=True), replace(SPEND, is_auxiliary=True))
ROWS, INNER, OTHER = (described_rows(count, seed=count) for count in (400, 90, 300))
QUICK = {"epochs": 12, "width": 32, "batch_rows": 64, "embedding": 4, "learning_rate": 5e-3}


def fitted(targets: tuple[Target, ...], labels: pd.DataFrame, **params: object) -> Estimator:
    model = make_estimator("neural", targets=targets, seed=0, threads=1, params={**QUICK, **params})
    return model.fit(ROWS.features, labels, validation=(INNER.features, INNER.labels))


def test_they_are_not_predicted_before_and_after_storage(tmp_path: Path) -> None:
    model = fitted(HELPING[::-1], ROWS.labels)
    found = model.predict(OTHER.features)
    assert found.shape == (300, 1)
    assert ((found > 0) & (found < 1)).all()
    assert model.predict(OTHER.features[:0]).shape == (0, 1)
    model.save(tmp_path)
    assert load_estimator(tmp_path).predict(OTHER.features).tobytes() == found.tobytes()


@pytest.mark.parametrize("weights", ["given", "learned"])
def test_they_help_where_labels_are_few(weights: str) -> None:
    few = ROWS.labels.assign(bought=ROWS.labels["bought"].where(np.arange(400) < 24))
    answers = OTHER.labels["bought"]
    alone = fitted((BOUGHT,), few).predict(OTHER.features)
    helped = fitted(HELPING, few, loss_weights=weights).predict(OTHER.features)
    assert roc_auc_score(answers, helped) > roc_auc_score(answers, alone) + 0.02


def test_they_do_not_decide_when_to_stop() -> None:
    told: list[CurvePoint] = []
    model = make_estimator("neural", targets=HELPING, seed=0, threads=1, params=QUICK)
    model.fit(
        ROWS.features,
        ROWS.labels,
        validation=(INNER.features, INNER.labels),
        on_step=told.append,
    )
    decisive = [point.values["bought/inner/log_loss"] for point in told]
    assert [point.values["inner/loss"] for point in told] == pytest.approx(decisive)
    assert model.best_step_ == 1 + int(np.argmin(decisive))
    assert {"segment/inner/accuracy", "spend/inner/r2"} <= set(told[0].values)


def test_one_that_nobody_knows_is_no_hindrance() -> None:
    unknown = ROWS.labels.assign(segment=None, spend=np.nan)
    assert np.isfinite(
        fitted(HELPING, unknown, loss_weights="learned").predict(OTHER.features)
    ).all()


def test_a_model_may_do_without_and_kinds_that_learn_apart_always_do() -> None:
    without = make_estimator(
        "neural", targets=HELPING, seed=0, threads=1, params={"auxiliary": False}
    )
    heavy = (replace(BOUGHT, weight=3.0), *HELPING[1:])
    trees = make_estimator("gbdt", targets=heavy, seed=0, threads=1)
    assert tuple(without.targets) == tuple(trees.targets) == (BOUGHT,)
