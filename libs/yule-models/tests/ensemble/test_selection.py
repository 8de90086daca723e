import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yule_models.ensemble import blend, select_weights
from yule_models.ensemble.selection import select_counts

TRUTH = np.array([[0.0], [1.0], [2.0], [3.0]])


def squared_error(predictions: np.ndarray) -> float:
    return float(((predictions - TRUTH) ** 2).mean())


def test_opposite_errors_are_averaged_away() -> None:
    noise = np.array([[1.0], [-1.0], [1.0], [-1.0]])
    models = {"high": TRUTH + noise, "low": TRUTH - noise, "far": TRUTH + 5}
    assert select_weights(models, squared_error) == {"far": 0, "high": 0.5, "low": 0.5}


def test_a_perfect_model_stands_alone() -> None:
    weights = select_weights({"good": TRUTH, "bad": TRUTH + 1}, squared_error)
    assert weights == {"bad": 0, "good": 1}


def test_equal_models_are_told_apart_by_name() -> None:
    for names in (["a", "b"], ["b", "a"]):
        assert select_weights(dict.fromkeys(names, TRUTH), squared_error) == {"a": 1, "b": 0}


def test_rounds_bound_the_ensemble() -> None:
    noise = np.array([[1.0], [-1.0], [1.0], [-1.0]])
    models = {"high": TRUTH + noise, "low": TRUTH - noise}
    assert select_weights(models, squared_error, rounds=1) == {"high": 1, "low": 0}


def test_models_are_counted_as_often_as_they_are_added() -> None:
    """Two and three fifths: the number of rounds is no multiple of the smaller weight."""
    models = {"high": TRUTH + 3, "low": TRUTH - 2}
    assert select_counts(models, squared_error) == {"high": 2, "low": 3}


def test_an_undefined_loss_leaves_the_first_model() -> None:
    models = {"a": TRUTH, "b": TRUTH}
    assert select_weights(models, lambda _: np.inf) == {"a": 1, "b": 0}


@given(seed=st.integers(0, 50), count=st.integers(1, 5), rounds=st.integers(1, 10))
def test_the_ensemble_is_never_worse_than_its_best_model(
    seed: int, count: int, rounds: int
) -> None:
    random = np.random.default_rng(seed)
    models = {f"m{number}": random.normal(size=TRUTH.shape) for number in range(count)}
    weights = select_weights(models, squared_error, rounds=rounds)
    best = min(squared_error(predictions) for predictions in models.values())
    assert sum(weights.values()) == pytest.approx(1)
    assert squared_error(blend(models, weights)) <= best + 1e-12


def test_a_blend_is_a_weighted_mean() -> None:
    models = {"a": np.array([[1.0]]), "b": np.array([[3.0]])}
    assert blend(models, {"a": 0.25, "b": 0.75, "unused": 0}).tolist() == [[2.5]]
