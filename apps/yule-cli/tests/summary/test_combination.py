from dataclasses import replace
from typing import Any

import pytest
from yule_cli.summary import TargetScores, target_scores
from yule_cli.summary.combination import combination_remarks, cross_fit_warning
from yule_cli.summary.scores import Combination, IntervalFacts


@pytest.fixture
def target(metrics: dict[str, Any]) -> TargetScores:
    (found,) = target_scores(metrics)
    return found


def told(target: TargetScores, **combination: Any) -> list[str]:
    found = {"method": "greedy", "calibration": "none", **combination}
    return list(combination_remarks(replace(target, combination=Combination(**found))))


def test_what_is_as_ever_is_not_told(target: TargetScores) -> None:
    assert told(target) == []
    assert list(combination_remarks(replace(target, combination=None))) == []


def test_method_calibration_and_who_is_left_out_are_told(target: TargetScores) -> None:
    assert told(target, method="stacking", calibration="temperature", dropped={"a": "why"}) == [
        "Ensemble: regularised stacking, with a calibrated temperature.",
        "Left out: a; why.",
    ]
    assert told(target, calibration="isotonic") == [
        "Ensemble: greedy selection, with isotonic calibration."
    ]


def test_intervals_are_held_to_their_promise(target: TargetScores) -> None:
    interval = IntervalFacts(level=0.8, coverage=0.765, mean_width=12345.6, rows=900, least_rows=9)

    assert told(target, interval=interval) == [
        "Intervals of 80% held 76.5% of the outcomes of folds that they were not learned from; "
        "they are 12,346 wide in the mean."
    ]


def test_intervals_of_too_few_rows_are_told(target: TargetScores) -> None:
    interval = IntervalFacts(level=0.99, coverage=0.9, mean_width=5.0, rows=150, least_rows=199)

    (remark,) = told(target, interval=interval)

    assert remark.endswith(
        "Expect less of others: it takes 199 rows to learn intervals of 99%, and there are 150."
    )


def test_an_ensemble_judged_on_its_own_rows_is_warned_of(target: TargetScores) -> None:
    assert cross_fit_warning(target) is None
    assert cross_fit_warning(replace(target, is_cross_fitted=False)) == (
        "The ensemble's weights were learned on the rows it is judged on (100 rows): expect less "
        "of it."
    )
