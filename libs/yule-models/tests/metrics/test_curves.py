import numpy as np
import pytest
from yule_models.metrics import calibration_curve, gain_curve, lift_curve

LABELS = np.array([1.0, 0, 1, 0])


def test_gain_grows_with_the_share_of_rows() -> None:
    gains = {p["share"]: p["gain"] for p in gain_curve(LABELS, np.array([0.9, 0.7, 0.5, 0.1]))}
    assert [gains[share] for share in (0, 0.25, 0.5, 0.75, 1)] == [0, 0.5, 0.5, 1, 1]


def test_a_constant_gains_nothing_over_chance() -> None:
    assert all(p["gain"] == pytest.approx(p["share"]) for p in gain_curve(LABELS, np.zeros(4)))
    assert all(p["lift"] == pytest.approx(1) for p in lift_curve(LABELS, np.zeros(4)))


def test_lift_starts_at_one_hundredth() -> None:
    first = lift_curve(LABELS, np.array([0.9, 0.7, 0.5, 0.1]))[0]
    assert first == {"share": 0.01, "lift": pytest.approx(2)}


def test_calibration_compares_predicted_and_observed() -> None:
    probabilities = np.array([0.2, 0.2, 0.2, 0.2, 0.2, 0.8, 0.8, 0.8, 0.8, 0.8])
    labels = np.array([1.0, 0, 0, 0, 0, 1, 1, 1, 1, 0])
    assert calibration_curve(labels, probabilities) == [
        {"predicted": pytest.approx(0.2), "observed": pytest.approx(0.2), "rows": 5},
        {"predicted": pytest.approx(0.8), "observed": pytest.approx(0.8), "rows": 5},
    ]


def test_calibration_bins_hold_equal_numbers_of_rows() -> None:
    curve = calibration_curve(np.zeros(100), np.linspace(0, 1, 100))
    assert [point["rows"] for point in curve] == [10] * 10
