"""Ensembles count rows by their weights, in what is learned and in what is reported."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from yule_models.ensemble import (
    EnsembleOptions,
    ModelOof,
    combine,
    fit_calibration,
    fit_ensemble,
)
from yule_models.ensemble.calibration import CalibrationKind
from yule_models.ensemble.intervals import fit_interval
from yule_models.targets import Target

RANDOM = np.random.default_rng(3)
ROWS = 600
LABELS = RANDOM.integers(0, 2, ROWS)
FOLD = np.repeat(np.arange(3, dtype=np.int32), ROWS // 3)
COUNTS = RANDOM.integers(1, 4, ROWS)
IS_HEAVY = np.arange(ROWS) % 2 == 0
RIGHT, WRONG = np.where(LABELS == 1, 0.8, 0.2), np.where(LABELS == 1, 0.35, 0.65)
MODELS = {
    "of heavy rows": np.where(IS_HEAVY, RIGHT, WRONG),
    "of light rows": np.where(IS_HEAVY, WRONG, RIGHT),
}


def fitted(weights: np.ndarray, method: str):  # type: ignore[no-untyped-def]
    times = pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * ROWS, pa.timestamp("us", "UTC"))
    keys = {"entity_id": list(range(ROWS)), "as_of": times}
    return fit_ensemble(
        [
            ModelOof(name=name, is_candidate=True, predictions=predictions[:, None])
            for name, predictions in MODELS.items()
        ],
        pa.table({**keys, "y": LABELS, "row_weight": weights}),
        pa.table({**keys, "fold": FOLD}),
        [Target(name="y")],
        {"y": EnsembleOptions(method=method)},  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("method", ["greedy", "stacking"])
def test_the_model_of_the_heavy_rows_wins(method: str) -> None:
    weights = np.where(IS_HEAVY, 50.0, 1.0)
    one, other = (fitted(w, method) for w in (weights, 51 - weights))
    assert one.weights["y"]["of heavy rows"] > 0.7
    assert other.weights["y"]["of light rows"] > 0.7
    report = one.metrics["targets"]["y"]["models"]
    losses = {name: report[name]["mean"]["log_loss"] for name in MODELS}
    assert losses["of heavy rows"] == pytest.approx(-np.log(0.8), abs=0.03)
    assert losses["of light rows"] == pytest.approx(-np.log(0.35), abs=0.03)


@pytest.mark.parametrize("method", ["greedy", "stacking", "mean", "rank_mean"])
def test_equal_weights_are_none(method: str) -> None:
    one, other = fitted(np.full(ROWS, 7.0), method), fitted(np.full(ROWS, 1.0), method)
    assert {name: b.to_json() for name, b in one.blends.items()} == {
        name: b.to_json() for name, b in other.blends.items()
    }


@pytest.mark.parametrize("kind", ["temperature", "isotonic"])
def test_calibration_counts_a_weight_as_so_many_rows(kind: CalibrationKind) -> None:
    labels, is_hit = LABELS.astype(float), np.arange(ROWS) % 10 < 7
    scores, counts = np.where(is_hit, RIGHT, 1 - RIGHT)[:, None], np.where(is_hit, 1, 3)
    weighted = fit_calibration(kind, labels, scores, counts / counts.mean())
    repeated = fit_calibration(kind, labels.repeat(counts), scores.repeat(counts, axis=0))
    # Both ends of a calibration have one row to shrink to, which is less beside more rows.
    np.testing.assert_allclose(weighted.apply(scores), repeated.apply(scores), atol=0.01)
    plain = fit_calibration(kind, labels, scores)
    assert np.abs(weighted.apply(scores) - plain.apply(scores)).max() > 0.1


def test_the_calibration_that_is_chosen_counts_weights() -> None:
    right = np.where(np.arange(ROWS) % 5 < 4, LABELS, 1 - LABELS)
    scores = np.where(right == 1, 0.99, 0.01)[:, None]
    labels, fold = LABELS.astype(float), np.arange(ROWS, dtype=np.int32) % 3
    weights = np.where(right == LABELS, 1.0, 2.0)
    weights /= weights.mean()
    found = combine(
        Target(name="y"), {"m": scores}, labels, fold, EnsembleOptions(), weights=weights
    ).blend.calibration
    assert found.kind != "none"
    assert found == fit_calibration(found.kind, labels, scores, weights)
    assert found != fit_calibration(found.kind, labels, scores)


def test_intervals_hold_their_share_of_the_weight() -> None:
    spread = np.where(IS_HEAVY, 5.0, 1.0)
    labels = RANDOM.normal(0, spread)
    weights = np.where(IS_HEAVY, 9.0, 1.0)
    predictions = np.zeros(ROWS)
    lower, upper = fit_interval(labels, predictions, weights, level=0.8).apply(predictions).T
    inside = (lower <= labels) & (labels <= upper)
    assert np.average(inside, weights=weights) == pytest.approx(0.8, abs=0.03)
    assert inside.mean() > 0.83
