"""Boosting rows that lie in several places."""

import numpy as np
from yule_models.estimators.gbdt.boosting import Boosting, BoostingRows
from yule_models.targets import Target

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
