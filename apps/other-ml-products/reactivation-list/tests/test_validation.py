from typing import Any

import pytest
from reactivation_list.validation import METRICS, validation_of


def report(*aucs: float | None) -> dict[str, Any]:
    folds = [dict.fromkeys(METRICS, auc) | {"fold": n} for n, auc in enumerate(aucs)]
    return {"folds": folds, "mean": dict.fromkeys(METRICS, 0.6), "std": dict.fromkeys(METRICS)}


def metrics(model: list[float | None], silence: list[float | None]) -> dict[str, Any]:
    same = report(*(0.5 for _ in model))
    return {"models": {"model": report(*model), "recency": report(*silence), "constant": same}}


def test_a_model_that_is_better_throughout_is_trusted() -> None:
    found = validation_of(metrics([0.7, 0.6], [0.6, 0.5]), kind="gbdt")

    assert found.is_better
    assert found.verdict == "The model ranked better than the silence alone in 2 of 2 periods."


@pytest.mark.parametrize("auc", [0.6, 0.55, None])
def test_a_model_that_is_not_is_said_to_be_none(auc: float | None) -> None:
    found = validation_of(metrics([0.7, auc], [0.6, 0.6]), kind="gbdt")

    assert (found.wins, found.is_better) == (1, False)
    assert "in 1 of 2 periods: do not count on its chances." in found.verdict
