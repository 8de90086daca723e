"""Ensembles count rows by their weights, in what is learned and in what is reported."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from yule_models.ensemble import EnsembleOptions, ModelOof, fit_calibration, fit_ensemble
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
def test_calibration_counts_a_weight_as_so_many_rows(kind: str) -> None:
    scores = np.clip(RIGHT + RANDOM.normal(0, 0.15, ROWS), 0.01, 0.99)[:, None]
    # The mean of the weights is 1, so that both ends of a calibration have as much to shrink to.
    doubled = np.concatenate([np.full(ROWS, 1.5), np.full(ROWS, 0.5)])
    weighted = fit_calibration(
        kind, np.tile(LABELS, 2).astype(float), np.tile(scores, (2, 1)), doubled
    )
    plain = fit_calibration(kind, np.tile(LABELS, 2).astype(float), np.tile(scores, (2, 1)))
    np.testing.assert_allclose(weighted.apply(scores), plain.apply(scores), atol=1e-9)


def test_intervals_hold_their_share_of_the_weight() -> None:
    spread = np.where(IS_HEAVY, 5.0, 1.0)
    labels = RANDOM.normal(0, spread)
    weights = np.where(IS_HEAVY, 9.0, 1.0)
    predictions = np.zeros(ROWS)
    lower, upper = fit_interval(labels, predictions, weights, level=0.8).apply(predictions).T
    inside = (lower <= labels) & (labels <= upper)
    assert np.average(inside, weights=weights) == pytest.approx(0.8, abs=0.03)
    assert inside.mean() > 0.83
