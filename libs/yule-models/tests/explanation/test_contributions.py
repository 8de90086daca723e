"""What features add to a score sums up to it, whatever the kind of model."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from yule_models import Estimator, make_estimator
from yule_models.estimators.outputs import scores_of
from yule_models.explanation import sampled_contributions, typical_row
from yule_models.explanation.sampling import MOST_PLAYERS
from yule_models.testing.rows import TARGETS, described_rows

TRAINING, OTHER = described_rows(300, seed=1), described_rows(40, seed=2)
TYPICAL = typical_row(TRAINING.features)
KINDS: dict[str, dict[str, Any]] = {
    "gbdt": {"rounds": 12, "learning_rate": 0.2},
    "linear": {"regularisation": 1.0},
    "neural": {"epochs": 12, "width": 32, "batch_rows": 64, "embedding": 4, "learning_rate": 5e-3},
    "constant": {},
}


@pytest.fixture(scope="module", params=KINDS)
def fitted(request: pytest.FixtureRequest) -> Estimator:
    estimator = make_estimator(
        request.param, targets=TARGETS, seed=1, threads=1, params=KINDS[request.param]
    )
    return estimator.fit(TRAINING.features, TRAINING.labels)


def test_contributions_sum_to_the_score_that_they_explain(fitted: Estimator) -> None:
    found = fitted.contributions(OTHER.features, TYPICAL)
    assert found.shape == (40, len(OTHER.features.columns), 5)
    sums = found.sum(axis=1)
    scores = scores_of(TARGETS, fitted.predict(OTHER.features))
    if fitted.KIND == "gbdt":  # against the training rows' mean, and softmax has no zero of its own
        binary, number = scores[:, 0] - sums[:, 0], scores[:, 4] - sums[:, 4]
        assert np.ptp(binary) < 1e-9
        assert np.ptp(number) < 1e-9
        return
    start = scores_of(TARGETS, fitted.predict(TYPICAL))
    which = [0, 4] if fitted.KIND == "linear" else slice(None)
    np.testing.assert_allclose(sums[:, which], (scores - start)[:, which], atol=1e-5)


def test_a_row_is_explained_alone_as_among_others(fitted: Estimator) -> None:
    together = fitted.contributions(OTHER.features, TYPICAL)
    alone = fitted.contributions(OTHER.features.iloc[[7]], TYPICAL)
    np.testing.assert_allclose(alone[0], together[7], atol=1e-4)
    assert fitted.contributions(OTHER.features, TYPICAL).tobytes() == together.tobytes()


def test_what_labels_depend_on_moves_scores_most(fitted: Estimator) -> None:
    sizes = np.abs(fitted.contributions(OTHER.features, TYPICAL)).mean(axis=(0, 2))
    by_size = [OTHER.features.columns[place] for place in np.argsort(-sizes, kind="stable")]
    if fitted.KIND == "constant":
        assert not sizes.any()
    else:
        assert set(by_size[:2]) == {"amount", "plan"}


def test_permutations_are_exact_for_sums_and_halve_products() -> None:
    def scores(rows: pd.DataFrame) -> np.ndarray:
        return (3 * rows["a"] + rows["b"] * rows["c"]).to_numpy(np.float64)[:, None]

    rows = pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 0.0], "c": [5.0, 7.0]})
    zero = pd.DataFrame({"a": [0.0], "b": [0.0], "c": [0.0]})
    found = sampled_contributions(scores, rows, zero, players=["a", "b", "c"], seed=1)
    assert found[:, :, 0].tolist() == [[3.0, 5.0, 5.0], [6.0, 0.0, 0.0]]


def test_features_beyond_the_players_change_together() -> None:
    count = MOST_PLAYERS + 8
    rows = pd.DataFrame(np.ones((2, count)), columns=[f"x{n}" for n in range(count)])
    asked = []

    def scores(table: pd.DataFrame) -> np.ndarray:
        asked.append(len(table))
        return table.to_numpy().sum(axis=1)[:, None]

    found = sampled_contributions(scores, rows, 0 * rows.iloc[[0]], players=[*rows.columns], seed=0)
    assert found[0, :, 0].tolist() == [1.0] * MOST_PLAYERS + [0.0] * 8
    assert asked == [2 * (2 + 2 * MOST_PLAYERS)]


def test_many_rows_are_asked_for_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every prediction of a row by itself gives what all of them at once give."""
    random = np.random.default_rng(3)
    rows = pd.DataFrame({f"x{n}": random.normal(size=7) for n in range(5)})
    rows["city"] = ["a", "b", None, "a", "c", "b", "a"]
    asked = []

    def scores(table: pd.DataFrame) -> np.ndarray:
        asked.append(len(table))
        assert list(table.columns) == list(rows.columns)
        numbers = table.drop(columns="city").to_numpy()
        own = table["city"].isin(["a"]).to_numpy()
        return np.column_stack([numbers.prod(axis=1) + own, np.tanh(numbers.sum(axis=1)) * own])

    arguments = {"players": ["x1", "city", "x0"], "seed": 5}
    at_once = sampled_contributions(scores, rows, rows.iloc[[3]], **arguments)
    assert len(asked) == 1
    monkeypatch.setattr("yule_models.explanation.sampling.ROWS_AT_ONCE", 20)
    in_turns = sampled_contributions(scores, rows, rows.iloc[[3]], **arguments)
    assert max(asked[1:]) == 14
    assert in_turns.tolist() == at_once.tolist()
    assert at_once.any(axis=(0, 1)).all()


def test_a_typical_row_has_the_middle_and_the_most_frequent() -> None:
    rows = pd.DataFrame(
        {
            "number": [1.0, 9.0, 3.0, None],
            "whole": [4, 5, 6, 7],
            "text": ["b", "a", "b", "a"],
            "flag": [True, True, True, False],
            "rare": [None, None, None, 2.0],
            "never": [None] * 4,
        }
    )
    (found,) = typical_row(rows).to_dict("records")
    assert found["number"] == 3.0
    assert found["whole"] == 5
    assert found["text"] == "a"
    assert found["flag"]
    assert pd.isna(found["rare"])
    assert pd.isna(found["never"])
    assert list(typical_row(rows).columns) == list(rows.columns)
