import pytest
from yule_models.metrics import summarise_folds


def test_mean_and_spread_over_folds() -> None:
    folds = [{"fold": 0, "rows": 9, "auc": 0.7}, {"fold": 1, "rows": 9, "auc": 0.9}]
    assert summarise_folds(folds) == {
        "mean": {"auc": pytest.approx(0.8)},
        "std": {"auc": pytest.approx(0.02**0.5)},
    }


def test_undefined_folds_are_left_out() -> None:
    folds = [{"fold": 0, "rows": 9, "auc": None}, {"fold": 1, "rows": 9, "auc": 0.9}]
    assert summarise_folds(folds) == {"mean": {"auc": 0.9}, "std": {"auc": None}}
