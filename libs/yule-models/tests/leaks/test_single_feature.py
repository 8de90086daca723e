"""A feature is judged on rows that it was not learned from, and a bin of few rows says little."""

import numpy as np
import pytest
from yule_models.folds import FoldSplit
from yule_models.leaks.outcomes import Outcomes
from yule_models.leaks.single_feature import fold_scores


def score(training: list[tuple[int, int]], validation: list[tuple[int, int]]) -> float:
    """The score of one fold, of rows of a bin and an outcome."""
    rows = np.array([*training, *validation])
    split = FoldSplit(
        training=np.arange(len(training)),
        validation=np.arange(len(training), len(rows)),
        purged=0,
    )
    outcomes = Outcomes(levels=rows[:, 1], count=2, is_ordered=True)
    [found] = fold_scores(rows[:, 0], outcomes, [split])
    return found


def test_bins_are_learned_from_training_rows_and_judged_on_validation_rows() -> None:
    rising = [(0, 0)] * 30 + [(1, 1)] * 30
    falling = [(0, 1)] * 30 + [(1, 0)] * 30
    assert score(rising, rising) == pytest.approx(1)
    assert score(rising, falling) == pytest.approx(0)


def test_a_bin_of_one_row_says_less_than_one_of_many() -> None:
    many = [(1, 1)] * 20 + [(1, 0)] * 10
    training = [(0, 1), *many, *[(2, 0)] * 30]
    assert score(training, [(0, 0), (1, 1)]) == pytest.approx(1)
