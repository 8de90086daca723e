from typing import Any

from yule_cli.summary import target_scores


def test_models_are_sorted_by_the_main_metric_and_the_ensemble_comes_first(
    metrics: dict[str, Any],
) -> None:
    (target,) = target_scores(metrics)

    assert target.main_metric == "auc"
    assert [scores.name for scores in target.rows] == ["ensemble", "gbdt", "neural", "constant"]
    assert [scores.is_candidate for scores in target.models] == [True, True, False]


def test_lower_losses_come_first_and_unmeasured_models_last() -> None:
    def model(value: float | None) -> dict[str, Any]:
        return {"folds": [], "mean": {"rmse": value}, "std": {"rmse": None}}

    models = {"none": model(None), "far": model(3.0), "near": model(1.0)}
    found = {"kind": "regression", "models": models, "ensemble": None}
    (target,) = target_scores({"targets": {"spend": found}})

    assert [scores.name for scores in target.rows] == ["near", "far", "none"]


def test_values_that_json_cannot_hold_become_none(metrics: dict[str, Any]) -> None:
    metrics["targets"]["purchased"]["models"]["gbdt"]["mean"]["log_loss"] = float("nan")

    (target,) = target_scores(metrics)

    assert target.models[0].mean["log_loss"] is None
