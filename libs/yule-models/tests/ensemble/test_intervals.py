import json
from dataclasses import replace

import numpy as np
import pytest
from yule_models.ensemble import Blend, ResidualInterval, fit_interval
from yule_models.ensemble.intervals import least_rows


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


def test_ends_are_those_between_which_another_error_is_as_likely_as_promised() -> None:
    """Of 40 errors drawn alike, the new one is beyond the second on either side 4 times in 40."""
    errors = np.arange(39.0) - 19
    interval = fit_interval(errors, np.zeros(39), level=0.9)
    assert interval.apply(np.zeros(1)).tolist() == [[-18, 18]]


def test_amounts_have_no_negative_end() -> None:
    interval = fit_interval(*skewed(1000, seed=0), level=0.9)
    assert interval.apply(np.array([0.0, 1.0])).min() >= 0
    centred = fit_interval(np.array([-1.0, 1.0]), np.zeros(2), level=0.9)
    assert centred.apply(np.zeros(1)).tolist() == [[-1, 1]]


def test_one_row_is_enough() -> None:
    assert fit_interval(np.array([3.0]), np.array([1.0]), level=0.9).apply(np.ones(1)).tolist() == [
        [1, 3]
    ]


def test_equal_predictions_share_a_bin() -> None:
    interval = fit_interval(np.arange(3000.0), np.full(3000, 5.0), level=0.8)
    assert interval.edges == ()


@pytest.mark.parametrize(("level", "rows"), [(0.5, 3), (0.8, 9), (0.9, 19), (0.99, 199)])
def test_so_many_rows_hold_a_level(level: float, rows: int) -> None:
    assert least_rows(level) == rows
    assert (rows - 1) / (rows + 1) == pytest.approx(level)


@pytest.mark.parametrize("odd_one", [4.0, 6.0])
def test_a_bin_has_as_many_rows_as_its_level_asks_for(odd_one: float) -> None:
    """One prediction of 400 is another: alone it would promise an interval without any width."""
    random = np.random.default_rng(0)
    predictions = np.full(400, 5.0)
    predictions[0] = odd_one
    interval = fit_interval(predictions + random.normal(size=400), predictions, level=0.9)
    lower, upper = interval.apply(np.array([odd_one]))[0]
    assert upper - lower > 2


def test_bins_hold_a_high_level() -> None:
    interval = fit_interval(*skewed(1000, seed=0), level=0.995)
    assert len(interval.edges) == 1  # 399 rows for each bin, where there are 200 at other levels


@pytest.mark.parametrize("bias", [-500.0, 0.0, 500.0])
def test_a_prediction_lies_within_its_interval(bias: float) -> None:
    labels, predictions = skewed(1000, seed=0)
    predictions = predictions + bias
    blend = replace(
        Blend(space="outputs", outputs=1, weights={"m": 1.0}),
        interval=fit_interval(labels, predictions, level=0.9),
    )
    found = blend.apply({"m": np.array([[-7.0], [3.0], [600.0]])})
    assert found.tolist() == [[0], [3], [600]]
    lower, upper = blend.interval.apply(found[:, 0]).T
    assert (lower <= found[:, 0]).all()
    assert (found[:, 0] <= upper).all()


def test_json_brings_back_the_same() -> None:
    interval = fit_interval(*skewed(1000, seed=0), level=0.9)
    assert ResidualInterval.of(json.loads(json.dumps(interval.to_json()))) == interval
