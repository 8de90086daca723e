import json

import numpy as np
import pytest
from yule_models.ensemble import ResidualInterval, fit_interval


def skewed(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Amounts that spread the further the larger they are, and their expectation."""
    random = np.random.default_rng(seed)
    expected = random.gamma(2, 10, rows)
    return expected * random.gamma(2, 0.5, rows), expected


@pytest.mark.parametrize("level", [0.5, 0.9])
def test_new_outcomes_lie_inside_as_often_as_promised(level: float) -> None:
    interval = fit_interval(*skewed(4000, seed=0), level=level)
    labels, predictions = skewed(4000, seed=1)
    lower, upper = interval.apply(predictions).T
    inside = (lower <= labels) & (labels <= upper)
    assert inside.mean() == pytest.approx(level, abs=0.03)
    small, large = predictions < 10, predictions > 30
    assert inside[small].mean() == pytest.approx(level, abs=0.08)
    assert inside[large].mean() == pytest.approx(level, abs=0.08)
    assert (upper - lower)[small].mean() < (upper - lower)[large].mean() / 2


def test_amounts_have_no_negative_end() -> None:
    interval = fit_interval(*skewed(1000, seed=0), level=0.9)
    assert interval.apply(np.array([0.0, 1.0])).min() >= 0
    centred = fit_interval(np.array([-1.0, 1.0]), np.zeros(2), level=0.9)
    assert centred.apply(np.zeros(1)).tolist() == [[-1, 1]]


def test_one_row_is_enough() -> None:
    assert fit_interval(np.array([3.0]), np.array([1.0]), level=0.9).apply(np.ones(1)).tolist() == [
        [3, 3]
    ]


def test_equal_predictions_share_a_bin() -> None:
    interval = fit_interval(np.arange(3000.0), np.full(3000, 5.0), level=0.8)
    assert interval.edges == ()


def test_json_brings_back_the_same() -> None:
    interval = fit_interval(*skewed(1000, seed=0), level=0.9)
    assert ResidualInterval.of(json.loads(json.dumps(interval.to_json()))) == interval
