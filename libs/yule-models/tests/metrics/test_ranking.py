from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yule_models.metrics import lift_at, precision_at

LABELS = np.array([1.0, 0, 1, 0, 0, 0, 0, 0, 0, 0])


def test_precision_counts_positives_at_the_top() -> None:
    scores = np.linspace(1, 0, 10)
    assert precision_at(LABELS, scores, 0.1) == 1
    assert precision_at(LABELS, scores, 0.2) == 0.5
    assert precision_at(LABELS, scores, 0.3) == pytest.approx(2 / 3)


def test_a_share_is_rounded_up_to_whole_rows() -> None:
    assert precision_at(LABELS, np.linspace(1, 0, 10), 0.01) == 1
    assert precision_at(LABELS, np.linspace(1, 0, 10), 0.11) == 0.5


def test_lift_compares_with_the_base_rate() -> None:
    assert lift_at(LABELS, np.linspace(1, 0, 10), 0.1) == 5
    assert lift_at(LABELS, np.linspace(1, 0, 10), 1.0) == 1


def test_equal_scores_are_worth_a_random_order() -> None:
    assert precision_at(LABELS, np.zeros(10), 0.1) == pytest.approx(0.2)
    assert lift_at(LABELS, np.zeros(10), 0.3) == pytest.approx(1)


def test_no_positives_have_no_lift() -> None:
    assert lift_at(np.zeros(4), np.arange(4.0), 0.5) is None


@given(
    rows=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 3)), min_size=1, max_size=20),
    share=st.sampled_from([0.01, 0.1, 0.5, 1.0]),
    shuffle=st.randoms(),
)
def test_the_order_of_rows_does_not_matter(
    rows: list[tuple[int, int]], share: float, shuffle: Random
) -> None:
    def precision(pairs: list[tuple[int, int]]) -> float:
        labels, scores = np.array(pairs, dtype=float).T
        return precision_at(labels, scores, share)

    before = precision(rows)
    shuffle.shuffle(rows)
    assert precision(rows) == pytest.approx(before)
