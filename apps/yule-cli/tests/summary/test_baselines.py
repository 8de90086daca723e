from collections.abc import Sequence
from dataclasses import replace

import pytest
from yule_cli.summary import Scores, TargetScores
from yule_cli.summary.baselines import baseline_warnings


def scores(name: str, values: Sequence[float | None], *, metric: str = "rmse") -> Scores:
    known = [value for value in values if value is not None]
    return Scores(
        name=name,
        folds=tuple({"fold": number, metric: value} for number, value in enumerate(values)),
        mean={metric: sum(known) / len(known) if known else None},
        std={metric: None},
        is_candidate=name not in ("linear", "constant"),
    )


def target(*models: Scores, ensemble: Scores, metric: str = "rmse") -> TargetScores:
    return TargetScores(
        name="spend", kind="regression", models=models, ensemble=ensemble, main_metric=metric
    )


def test_a_good_ensemble_needs_no_warning() -> None:
    found = target(
        scores("linear", [1.0, 4.0]),  # better in one fold
        scores("constant", [5.0, 5.0]),
        scores("trees", [1.0, 1.0]),  # a candidate may be better
        ensemble=scores("ensemble", [2.0, 2.0]),
    )

    assert list(baseline_warnings(found)) == []
    assert list(baseline_warnings(replace(found, ensemble=None))) == []
    assert list(baseline_warnings(replace(found, main_metric=None))) == []


def test_a_baseline_that_is_better_in_every_fold_is_told() -> None:
    found = target(scores("linear", [1.0, 1.5]), ensemble=scores("ensemble", [2.0, 2.0]))

    assert list(baseline_warnings(found)) == [
        "The baseline linear is better in every fold (RMSE 1.250, and 2.000 of the ensemble). Name "
        "it under `models`, and the ensemble may use it."
    ]


def test_folds_without_the_metric_tell_nothing() -> None:
    linear = scores("linear", [None, 1.5])

    assert len([*baseline_warnings(target(linear, ensemble=scores("e", [1.0, 2.0])))]) == 1
    assert not [*baseline_warnings(target(linear, ensemble=scores("e", [1.0, None])))]


@pytest.mark.parametrize(("metric", "values"), [("rmse", [4.0, 7.0]), ("auc", [0.5, 0.4])])
def test_an_ensemble_that_tells_no_more_than_the_mean_is_told(
    metric: str, values: list[float]
) -> None:
    constant = scores("constant", [5.0, 5.0] if metric == "rmse" else [0.5, 0.5], metric=metric)
    found = target(constant, ensemble=scores("e", values, metric=metric), metric=metric)

    (warning,) = baseline_warnings(found)

    assert warning.startswith("The ensemble is no better than the baseline constant, which tells")
    assert warning.endswith("of the ensemble): do not rely on the scores.")
