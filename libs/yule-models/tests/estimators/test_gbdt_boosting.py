"""Boosting rows that lie in several places."""

from dataclasses import replace

import numpy as np
import pytest
from yule_models.estimators.gbdt.boosting import Boosting, BoostingRows
from yule_models.targets import Target, TargetKind

BOOSTING = Boosting(
    target=Target(name="bought", kind="binary"),
    settings={
        "objective": "binary",
        "deterministic": True,
        "force_col_wise": True,
        "num_threads": 1,
        "seed": 0,
        "verbosity": -1,
    },
    categorical=[2],
    rounds=30,
    patience=5,
)


def rows(count: int) -> BoostingRows:
    rng = np.random.default_rng(0)
    matrix = np.column_stack([rng.normal(size=(count, 2)), rng.integers(0, 5, count)])
    return BoostingRows(
        matrix=matrix,
        labels=(matrix[:, 0] + rng.normal(size=count) > 0).astype(np.float64),
        weights=np.ones(count),
        groups=np.arange(count),
    )


def test_rows_in_two_matrices_are_boosted_as_in_one() -> None:
    whole = rows(700)
    parts = [whole.take(np.arange(500)), whole.take(np.arange(500, 700))]

    joined, apart = (BOOSTING.boost_again(given, chosen=20) for given in ([whole], parts))

    assert apart.model_to_string() == joined.model_to_string()
    assert apart.current_iteration() == 22
    assert BOOSTING.boost_again([whole], chosen=29).current_iteration() == BOOSTING.rounds == 30


@pytest.mark.parametrize("kind", ["binary", "regression"])
def test_what_is_left_of_a_row_does_not_depend_on_labels_of_its_half(kind: TargetKind) -> None:
    boosting = replace(
        BOOSTING,
        target=Target(name="bought", kind=kind),
        settings={**BOOSTING.settings, "objective": kind},
    )
    known = rows(400)
    given = known.labels.copy()
    changed = given.copy()
    changed[7] = 1 - given[7]
    predicted, again = (
        labels - boosting.residuals(replace(known, labels=labels.copy()))[0][:, 0]
        for labels in (given, changed)
    )

    is_own_half = known.parts(2, 0) == known.parts(2, 0)[7]
    np.testing.assert_allclose(again[is_own_half], predicted[is_own_half], atol=1e-12)
    assert np.abs(again[~is_own_half] - predicted[~is_own_half]).max() > 1e-6


def test_what_is_left_is_left_by_models_of_labels_and_labels_stay_as_they_are() -> None:
    boosting = replace(
        BOOSTING,
        target=Target(name="spent", kind="regression"),
        settings={**BOOSTING.settings, "objective": "regression"},
    )
    known = replace(rows(400), labels=100 + 10 * rows(400).matrix[:, 0])
    given = known.labels.copy()

    left, _ = boosting.residuals(known)

    np.testing.assert_array_equal(known.labels, given)
    for half in range(2):
        own = left[known.parts(2, 0) == half]
        assert abs(own.mean()) < 2
