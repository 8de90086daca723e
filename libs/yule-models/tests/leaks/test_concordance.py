from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score
from yule_models.leaks.concordance import concordance

ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=2, max_size=60)
SCORES = st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.9]), min_size=5, max_size=5)


def counted(rows: list[tuple[int, int]], levels: int) -> np.ndarray:
    counts = np.zeros((5, levels), dtype=np.int64)
    for bin_, level in rows:
        counts[bin_, level] += 1
    return counts


@given(ROWS, SCORES)
def test_of_two_outcomes_it_is_the_area_under_the_curve(
    rows: list[tuple[int, int]], scores: list[float]
) -> None:
    rows = [(bin_, level % 2) for bin_, level in rows]
    labels = [level for _, level in rows]
    assume(len(set(labels)) == 2)
    expected = roc_auc_score(labels, [scores[bin_] for bin_, _ in rows])
    assert concordance(counted(rows, 2), np.array(scores)) == pytest.approx(expected)


@given(ROWS, SCORES)
def test_of_many_outcomes_it_counts_pairs(rows: list[tuple[int, int]], scores: list[float]) -> None:
    found = []
    for one, other in combinations(rows, 2):
        low, high = sorted([one, other], key=lambda row: row[1])
        if low[1] < high[1]:
            difference = scores[high[0]] - scores[low[0]]
            found.append(1.0 if difference > 0 else 0.5 if difference == 0 else 0.0)
    value = concordance(counted(rows, 4), np.array(scores))
    assert value == pytest.approx(np.mean(found)) if found else np.isnan(value)
