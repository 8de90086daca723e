"""Tables score as LightGBM does, bit for bit."""

from typing import Any

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
import pytest
from yule_models.estimators.gbdt.leaf_masks import LeafMasks
from yule_models.estimators.gbdt.scorer import BoosterScorer
from yule_models.estimators.gbdt.tree_text import read_trees

ROWS = 3_000
SETTINGS: dict[str, dict[str, Any]] = {
    "few leaves": {"num_leaves": 7},
    "32 leaves": {"num_leaves": 32},
    "64 leaves": {"num_leaves": 64, "min_data_in_leaf": 5},
    "classes": {"objective": "multiclass", "num_class": 3},
    "extra trees": {"extra_trees": True},
    "one-hot": {"max_cat_to_onehot": 50},
    "stumps": {"min_data_in_leaf": 2_000},
}


def rows(*, seed: int, is_complete: bool = False) -> npt.NDArray[np.float64]:
    """Four columns of numbers, one of few values; then codes of categories."""
    rng = np.random.default_rng(seed)
    matrix = np.column_stack(
        [
            rng.normal(size=(ROWS, 3)),
            rng.integers(-1, 3, ROWS),
            rng.integers(1, 40, ROWS),
        ]
    ).astype(np.float64)
    if not is_complete:
        matrix[rng.random(matrix.shape) < 0.1] = np.nan
    return matrix


def boosted(matrix: npt.NDArray[np.float64], **settings: Any) -> lgb.Booster:
    signal = np.nan_to_num(matrix[:, 0] * matrix[:, 1] + matrix[:, 4] % 3, nan=-1.0)
    labels = (signal > 0.7).astype(int)
    if settings.get("num_class"):
        labels = np.digitize(signal, [0.0, 1.5])
    given = {"objective": "binary", "verbosity": -1, "num_threads": 1, "seed": 1} | settings
    data = lgb.Dataset(matrix, labels, categorical_feature=[4], params={"verbosity": -1})
    return lgb.Booster(model_str=lgb.train(given, data, 12).model_to_string())


@pytest.mark.parametrize("is_complete", [False, True], ids=["with gaps", "without"])
@pytest.mark.parametrize("name", SETTINGS)
def test_scores_are_the_bits_of_lightgbm(name: str, is_complete: bool) -> None:
    booster = boosted(rows(seed=1, is_complete=is_complete), **SETTINGS[name])
    masks = LeafMasks.of(
        [*read_trees(booster.model_to_string())], outputs=booster.num_model_per_iteration()
    )
    assert masks is not None
    others = rows(seed=2)  # gaps where the training rows had none, too
    others[:50, 4] = 77  # a category beyond those that were seen
    others[50:60, 4] = -1
    others[60] = np.nan
    expected = np.asarray(booster.predict(others, raw_score=True)).reshape(ROWS, -1)
    for threads in (1, 3):
        np.testing.assert_array_equal(masks.scores(others, threads=threads), expected)


@pytest.mark.parametrize(
    "settings", [{"num_leaves": 65, "min_data_in_leaf": 3}, {"linear_tree": True}]
)
def test_trees_beyond_the_tables_are_left_to_lightgbm(settings: dict[str, Any]) -> None:
    booster = boosted(rows(seed=1), **settings)
    assert LeafMasks.of([*read_trees(booster.model_to_string())], outputs=1) is None
    found = BoosterScorer(booster, threads=1).scores(rows(seed=2))
    np.testing.assert_array_equal(found[:, 0], booster.predict(rows(seed=2), raw_score=True))


def test_many_rows_are_scored_as_few() -> None:
    matrix = rows(seed=1)
    scorer = BoosterScorer(boosted(matrix), threads=2)
    together = scorer.scores(matrix)
    apart = [scorer.scores(matrix[start : start + 500]) for start in range(0, ROWS, 500)]
    np.testing.assert_array_equal(np.concatenate(apart), together)
