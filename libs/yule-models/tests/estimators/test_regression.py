import numpy as np
import pytest
from yule_models.estimators.fold_data import Floats
from yule_models.estimators.regression import Regression, RegressionRows
from yule_models.targets import Target

BOUGHT = Target(name="bought")
STRENGTHS = (1_000, 300, 100, 30, 10, 3, 1)


def rows(count: int, *, seed: int, weights: Floats | None = None) -> RegressionRows:
    """Return rows of ten numbers, of which the first says a little of the label."""
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(count, 10))
    labels = (0.5 * matrix[:, 0] + random.normal(size=count) > 0).astype(np.float64)
    return RegressionRows(
        matrix=matrix, labels=labels, weights=np.ones(count) if weights is None else weights
    )


def inner_losses(training: RegressionRows, inner: RegressionRows) -> Floats:
    """Return the log-loss of each inner row by each strength, from fits of their own."""
    found = []
    for strength in STRENGTHS:
        weight, bias = Regression(BOUGHT).fit(training, strength)
        scores = inner.matrix @ weight[0] + bias[0]
        found.append(np.logaddexp(0, np.where(inner.labels == 1, -scores, scores)))
    return np.array(found)


@pytest.mark.parametrize(("count", "differs"), [(60, True), (100_000, False)])
def test_of_strengths_as_good_as_the_best_the_strongest_is_taken(count: int, differs: bool) -> None:
    training, inner = rows(300, seed=1), rows(count, seed=2)
    losses = inner_losses(training, inner)
    best = int(losses.mean(axis=1).argmin())
    more = losses - losses[best]
    is_as_good = more.mean(axis=1) <= more.std(axis=1) / np.sqrt(count)
    chosen = Regression(BOUGHT).best_strength(training, inner, tried=STRENGTHS)
    assert chosen == STRENGTHS[int(np.argmax(is_as_good))]
    # Few rows cannot tell the best from a stronger one; many can.
    assert (chosen > STRENGTHS[best]) is differs


def test_rows_count_by_their_weights() -> None:
    training = rows(300, seed=1)
    weights = np.concatenate([np.ones(60), np.full(2_000, 1e-9)])
    weighed = rows(2_060, seed=2, weights=weights)
    counted = RegressionRows(
        matrix=weighed.matrix[:60], labels=weighed.labels[:60], weights=np.ones(60)
    )
    chosen, expected, unweighed = (
        Regression(BOUGHT).best_strength(training, inner, tried=STRENGTHS)
        for inner in (weighed, counted, rows(2_060, seed=2))
    )
    assert chosen == expected != unweighed
