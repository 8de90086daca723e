from collections.abc import Mapping
from functools import partial

import numpy as np
from yule_models.ensemble import Blend, blend, cross_fit, select_weights

FOLD = np.repeat(np.arange(5, dtype=np.int32), 200)


def log_loss(labels: np.ndarray, predictions: np.ndarray) -> float:
    likelihood = np.where(labels == 1, predictions[:, 0], 1 - predictions[:, 0])
    return float(-np.log(likelihood).mean())


def greedy(labels: np.ndarray, models: Mapping[str, np.ndarray], places: np.ndarray) -> Blend:
    weights = select_weights(models, partial(log_loss, labels[places]))
    used = {name: weight for name, weight in weights.items() if weight > 0}
    return Blend(space="outputs", outputs=1, weights=used)


def test_choosing_among_random_models_brings_no_benefit() -> None:
    """Weights learned on all rows flatter the ensemble; cross-fitted ones do not."""
    gains_in_sample, gains_cross_fitted = [], []
    for seed in range(8):
        random = np.random.default_rng(seed)
        labels = random.integers(0, 2, len(FOLD)).astype(float)
        models = {f"m{number}": random.uniform(0.3, 0.7, (len(FOLD), 1)) for number in range(20)}
        constant = log_loss(labels, np.full((len(FOLD), 1), 0.5))
        weights = select_weights(models, partial(log_loss, labels))
        gains_in_sample.append(constant - log_loss(labels, blend(models, weights)))
        crossed = cross_fit(models, FOLD, partial(greedy, labels))
        assert crossed.is_cross_fitted
        gains_cross_fitted.append(constant - log_loss(labels, crossed.predictions))
    assert np.mean(gains_in_sample) > 0.004
    assert np.mean(gains_cross_fitted) < 0


def test_a_fold_does_not_see_its_own_labels() -> None:
    random = np.random.default_rng(1)
    labels = random.integers(0, 2, len(FOLD)).astype(float)
    models = {name: random.uniform(0.3, 0.7, (len(FOLD), 1)) for name in "abc"}
    flipped = np.where(FOLD == 2, 1 - labels, labels)
    before = cross_fit(models, FOLD, partial(greedy, labels)).predictions
    after = cross_fit(models, FOLD, partial(greedy, flipped)).predictions
    assert (before[FOLD == 2] == after[FOLD == 2]).all()


def test_a_single_fold_is_not_cross_fitted() -> None:
    labels = np.array([0.0, 1.0])
    models = {"good": np.array([[0.1], [0.9]]), "bad": np.array([[0.5], [0.5]])}
    crossed = cross_fit(models, np.zeros(2, dtype=np.int32), partial(greedy, labels))
    assert not crossed.is_cross_fitted
    assert crossed.predictions.tolist() == [[0.1], [0.9]]
