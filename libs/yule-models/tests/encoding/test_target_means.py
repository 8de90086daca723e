import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yule_models.encoding import FeatureColumns
from yule_models.encoding.levels import Levels
from yule_models.encoding.target_means import (
    PARTS,
    PRIOR_ROWS,
    PartedRows,
    TargetMeans,
    means_elsewhere,
)

SHOPS = pd.DataFrame({"shop": ["a"] * 30 + ["b"] * 10, "day": [1.0, 2] * 20})
COLUMNS = FeatureColumns.learn(SHOPS)
SHOP = Levels(name="shop", values=("a", "b"))
DAY = Levels(name="day", values=(1.0, 2.0))
ANSWERS = np.array([[1.0]] * 30 + [[0.0]] * 10)
ONES = np.ones(40)


def rows(
    features: pd.DataFrame = SHOPS,
    *,
    weights: np.ndarray = ONES,
    parts: np.ndarray | None = None,
) -> PartedRows:
    given = np.arange(len(weights)) % PARTS if parts is None else parts
    return PartedRows(
        columns=COLUMNS,
        features=features,
        weights=weights,
        groups=np.arange(len(weights)),
        parts=given,
    )


def test_a_value_is_told_by_its_mean_drawn_towards_that_of_all() -> None:
    means, _ = TargetMeans.learn([SHOP], rows(), ANSWERS)
    met = pd.DataFrame({"shop": ["a", "b", "c", None], "day": [1.0] * 4})
    found = means.transform(COLUMNS, met)
    of_a, of_b = ((rows + PRIOR_ROWS * 0.75) / (n + PRIOR_ROWS) for rows, n in ((30, 30), (0, 10)))
    assert found[:, 0].tolist() == pytest.approx([of_a, of_b, 0.75, 0.75])
    assert found[:, 1].tolist() == pytest.approx(np.log1p([30, 10, 0, 0]).tolist())


def test_two_columns_are_told_by_the_mean_of_both_values() -> None:
    # Neither column alone says anything.
    answers = (np.arange(40) % 2 == (np.arange(40) >= 20)).astype(float)[:, None]
    halves = SHOPS.assign(shop=["a"] * 20 + ["b"] * 20)
    parted = rows(halves, parts=np.arange(40) // 2 % PARTS)
    means, told = TargetMeans.learn([SHOP, DAY], parted, answers)
    met = pd.DataFrame({"shop": ["a", "a", "b", "b"], "day": [1.0, 2.0, 1.0, 2.0]})
    high, low = (10 + PRIOR_ROWS / 2) / (10 + PRIOR_ROWS), PRIOR_ROWS / 2 / (10 + PRIOR_ROWS)
    assert means.transform(COLUMNS, met)[:, 0].tolist() == pytest.approx([high, low, low, high])
    assert ((told[:, 0] > 0.5) == (answers[:, 0] == 1)).all()


@settings(max_examples=50)
@given(
    cells=st.lists(st.integers(0, 3), min_size=10, max_size=40),
    row=st.integers(0, 9),
    seed=st.integers(0, 99),
)
def test_no_row_is_told_its_own_label(cells: list[int], row: int, seed: int) -> None:
    count, generator = len(cells), np.random.default_rng(seed)
    answers = generator.integers(2, size=(count, 1)).astype(float)
    flipped = answers.copy()
    flipped[row] = 1 - flipped[row]
    parted = rows(weights=np.ones(count))
    before, after = (
        means_elsewhere(np.array(cells), 4, labels, parted) for labels in (answers, flipped)
    )
    assert before[row] == after[row]


def test_the_scale_of_weights_does_not_count() -> None:
    one, other = (
        TargetMeans.learn([SHOP], rows(weights=scale * ONES), ANSWERS)[0].means
        for scale in (1.0, 1000.0)
    )
    np.testing.assert_allclose(one, other)


def test_means_survive_json() -> None:
    means, _ = TargetMeans.learn([SHOP, DAY], rows(), ANSWERS)
    again = TargetMeans.of(json.loads(json.dumps(means.to_json())))
    expected = means.transform(COLUMNS, SHOPS)
    assert again.transform(COLUMNS, SHOPS).tobytes() == expected.tobytes()
