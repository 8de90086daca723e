import json

import numpy as np
import pytest
from yule_models.ensemble import Calibration, fit_calibration
from yule_models.ensemble.calibration import CalibrationKind

KINDS: list[CalibrationKind] = ["temperature", "isotonic"]


def log_loss(labels: np.ndarray, probabilities: np.ndarray) -> float:
    if probabilities.shape[1] == 1:
        probabilities = np.hstack([1 - probabilities, probabilities])
    return float(-np.log(probabilities[np.arange(len(labels)), labels.astype(int)]).mean())


def overconfident(rows: int, classes: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Labels drawn from scores, and probabilities whose log-odds are three times as large."""
    random = np.random.default_rng(seed)
    scores = random.normal(size=(rows, classes))
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    labels = (random.random(rows)[:, None] > np.cumsum(shares, axis=1)).sum(axis=1).astype(float)
    sharp = np.exp(3 * scores) / np.exp(3 * scores).sum(axis=1, keepdims=True)
    return labels, sharp if classes > 2 else sharp[:, 1:]


@pytest.mark.parametrize("classes", [2, 4])
def test_the_temperature_is_found(classes: int) -> None:
    labels, probabilities = overconfident(20_000, classes)
    fitted = fit_calibration("temperature", labels, probabilities)
    assert fitted.temperature == pytest.approx(3, rel=0.1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("classes", [2, 4])
def test_new_rows_are_better_calibrated(kind: CalibrationKind, classes: int) -> None:
    fitted = fit_calibration(kind, *overconfident(5000, classes))
    labels, probabilities = overconfident(5000, classes, seed=1)
    calibrated = fitted.apply(probabilities)
    assert log_loss(labels, calibrated) < log_loss(labels, probabilities) - 0.1
    assert calibrated.shape == probabilities.shape
    if classes > 2:
        assert calibrated.sum(axis=1) == pytest.approx(np.ones(5000))


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_rows_stays(kind: CalibrationKind) -> None:
    labels, probabilities = overconfident(500, 2)
    fitted = fit_calibration(kind, labels, probabilities)
    rising = np.linspace(0.001, 0.999, 500)[:, None]
    assert (np.diff(fitted.apply(rising)[:, 0]) > 0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_certain(kind: CalibrationKind) -> None:
    labels = np.array([0.0, 0, 1, 1])
    fitted = fit_calibration(kind, labels, np.array([[0.1], [0.2], [0.8], [0.9]]))
    calibrated = fitted.apply(np.array([[0.0], [0.5], [1.0]]))
    assert np.isfinite(np.log(np.maximum(calibrated[1:-1], 0))).all()
    if kind == "isotonic":
        assert ((calibrated > 0) & (calibrated < 1)).all()


@pytest.mark.parametrize("kind", ["none", *KINDS])
def test_json_brings_back_the_same(kind: CalibrationKind) -> None:
    labels, probabilities = overconfident(300, 3)
    fitted = fit_calibration(kind, labels, probabilities)
    again = Calibration.of(json.loads(json.dumps(fitted.to_json())))
    assert again == fitted
    assert (again.apply(probabilities) == fitted.apply(probabilities)).all()
