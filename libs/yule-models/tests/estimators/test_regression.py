import numpy as np
import pandas as pd
import pytest
from yule_models.estimators.fold_data import Floats, FoldData
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


def test_rows_are_cut_without_a_copy() -> None:
    whole = rows(5, seed=1, weights=np.arange(5.0))
    first, last = whole.cut(2)
    assert len(first.labels) == 2
    for name in ("matrix", "labels", "weights"):
        parts = [getattr(part, name) for part in (first, last)]
        np.testing.assert_array_equal(np.concatenate(parts), getattr(whole, name))
        assert all(np.shares_memory(part, getattr(whole, name)) for part in parts)


def test_rows_of_several_parts_are_those_with_a_label() -> None:
    labels = (np.array([[0, 1], [1, np.nan]]), np.array([[1, np.nan], [0, 0]]))
    parts = [
        FoldData(
            features=pd.DataFrame({"x": [0.0, 1.0]}),
            labels=each,
            weights=np.array([1.0, 2.0]) + place,
            groups=np.arange(2),
        )
        for place, each in enumerate(labels)
    ]
    matrix = np.arange(8.0).reshape(4, 2)
    assert RegressionRows.of(parts, 0, matrix).matrix is matrix
    found = RegressionRows.of(parts, 1, matrix)
    np.testing.assert_array_equal(found.matrix, matrix[[0, 3]])
    np.testing.assert_array_equal(found.labels, [1, 0])
    np.testing.assert_array_equal(found.weights, [1, 3])
