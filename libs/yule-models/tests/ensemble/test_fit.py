from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from yule_models.ensemble import (
    EnsembleError,
    EnsembleOptions,
    ModelOof,
    fit_ensemble,
    gather_oof,
)
from yule_models.metrics import target_curves
from yule_models.targets import Target

PURCHASED = Target(name="purchased", kind="binary")
ROWS = 8
FOLD = np.array([-1, -1, 0, 0, 0, 1, 1, 1], dtype=np.int32)
LABELS: list[int | None] = [0, 1, 0, 1, None, 1, 0, 0]
GOOD = np.array([np.nan, np.nan, 0.2, 0.9, 0.5, 0.8, 0.1, 0.3])
BAD = np.array([np.nan, np.nan, 0.6, 0.4, 0.5, 0.3, 0.5, 0.9])


def rows(**columns: Any) -> pa.Table:
    times = pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * ROWS, pa.timestamp("us", "UTC"))
    return pa.table({"entity_id": list(range(ROWS)), "as_of": times, **columns})


def model(name: str, predictions: np.ndarray, **options: Any) -> ModelOof:
    return ModelOof(
        name=name, **{"is_candidate": True, **options}, predictions=predictions[:, None]
    )


def fit(*models: ModelOof, **options: Any) -> Any:
    return fit_ensemble(
        models,
        rows(purchased=LABELS),
        rows(fold=FOLD),
        [PURCHASED],
        {"purchased": EnsembleOptions.of(options)},
    )


def test_the_better_candidate_gets_the_weight() -> None:
    assert fit(model("good", GOOD), model("bad", BAD)).weights == {
        "purchased": {"bad": 0, "good": 1}
    }


def test_a_baseline_is_reported_and_never_weighted() -> None:
    fitted = fit(model("good", GOOD, is_candidate=False), model("bad", BAD))
    report = fitted.metrics["targets"]["purchased"]
    assert fitted.weights == {"purchased": {"bad": 1}}
    assert report["models"]["good"]["mean"]["auc"] == 1
    assert report["models"]["good"]["candidate"] is False


def test_rows_without_a_fold_or_a_label_stay_out() -> None:
    fitted = fit(model("good", GOOD))
    folds = fitted.metrics["targets"]["purchased"]["ensemble"]["folds"]
    assert [(fold["fold"], fold["rows"]) for fold in folds] == [(0, 2), (1, 3)]
    assert fitted.oof["entity_id"].to_pylist() == [2, 3, 4, 5, 6, 7]
    assert fitted.oof["purchased"].to_pylist() == [0.2, 0.9, None, 0.8, 0.1, 0.3]
    assert fitted.oof["label.purchased"].to_pylist() == [0, 1, None, 1, 0, 0]


def test_who_is_left_out_is_told_with_the_reason() -> None:
    report = fit(model("good", GOOD), model("bad", BAD)).metrics["targets"]["purchased"]
    before, after = (-np.log(values).mean() for values in ([0.8, 0.9, 0.8, 0.9, 0.7],) * 2)
    blended = np.array([0.6, 0.65, 0.55, 0.7, 0.4])
    after = -np.log(blended).mean()
    assert report["ensemble"]["dropped"] == {
        "bad": f"adding it raises the ensemble's log-loss from {before:.5g} to {after:.5g}"
    }


def test_curves_are_those_of_cross_fitted_predictions() -> None:
    """Each model is right on a fold of its own, so that each fold is blended by the wrong one."""
    first = np.where(FOLD == 0, GOOD, BAD)
    other = np.where(FOLD == 0, BAD, GOOD)
    fitted = fit(model("first", first), model("other", other))
    known = fitted.oof.filter(pc.field("purchased").is_valid())
    labels, crossed = (known[name].to_numpy() for name in ("label.purchased", "purchased"))
    np.testing.assert_array_equal(crossed, [0.6, 0.4, 0.3, 0.5, 0.9])
    expected = target_curves(PURCHASED, labels, crossed[:, None])
    assert fitted.metrics["curves"]["purchased"] == expected


def test_importances_are_shares_weighted_by_the_ensemble() -> None:
    fitted = fit(
        model("good", GOOD, importances=[{"a": 3, "b": 1}, {"a": 0, "b": 0}, {"a": 1, "b": 1}]),
        model("bad", BAD, importances=[{"c": 1}]),
    )
    assert fitted.importances == {
        "models": {"good": {"a": 0.625, "b": 0.375}, "bad": {"c": 1}},
        "ensemble": {"a": 0.625, "b": 0.375},
    }


@pytest.mark.parametrize(
    "models", [[], [model("a", GOOD, is_candidate=False)], [model("a", GOOD), model("a", BAD)]]
)
def test_an_ensemble_of_nothing_or_of_namesakes_is_refused(models: list[ModelOof]) -> None:
    with pytest.raises(EnsembleError, match="models with names of their own, at least one"):
        fit(*models)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"round": 3}, "no option 'round'"),
        ({"rounds": 0}, "1 or more rounds, got 0"),
        ({"method": "median"}, "no method 'median'; choose one of greedy, mean, rank_mean, stack"),
        ({"calibration": "platt"}, "no calibration 'platt'; choose one of auto, none, isotonic"),
        ({"interval": 1.0}, "lies between 0 and 1, got 1.0"),
    ],
)
def test_impossible_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(EnsembleError, match=message):
        EnsembleOptions.of(options)


def oof_table(fold: int) -> pa.Table:
    table = rows(purchased=GOOD, fold=FOLD)
    return table.take(np.flatnonzero(fold == FOLD))


def test_predictions_of_folds_come_together_in_the_order_of_the_rows() -> None:
    tables = {1: oof_table(1), 0: oof_table(0)}
    gathered = gather_oof(tables, rows(fold=FOLD), [PURCHASED], model="good")
    np.testing.assert_array_equal(gathered[:, 0], GOOD)


def test_a_missing_fold_is_refused() -> None:
    with pytest.raises(EnsembleError, match=r"'good' was fitted on the folds \[0\], but there"):
        gather_oof({0: oof_table(0)}, rows(fold=FOLD), [PURCHASED], model="good")
