import numpy as np
import pytest
from yule_models.metrics import multiclass_metrics, regression_metrics


def test_multiclass() -> None:
    probabilities = np.array([[0.8, 0.1, 0.1], [0.2, 0.6, 0.2], [0.5, 0.3, 0.2]])
    metrics = multiclass_metrics(np.array([0, 1, 2]), probabilities)
    assert metrics["accuracy"] == pytest.approx(2 / 3)
    assert metrics["log_loss"] == pytest.approx(-np.log([0.8, 0.6, 0.2]).mean())
    assert metrics["macro_auc"] == pytest.approx((1 + 1 + 0.75) / 3)


def test_a_missing_class_is_left_out_of_macro_auc() -> None:
    probabilities = np.array([[0.8, 0.1, 0.1], [0.2, 0.6, 0.2]])
    assert multiclass_metrics(np.array([0, 1]), probabilities)["macro_auc"] == 1
    assert multiclass_metrics(np.array([0, 0]), probabilities)["macro_auc"] is None


def test_regression() -> None:
    metrics = regression_metrics(np.array([1.0, 2, 3]), np.array([1.0, 2, 5]))
    assert metrics["mae"] == pytest.approx(2 / 3)
    assert metrics["rmse"] == pytest.approx((4 / 3) ** 0.5)
    assert metrics["r2"] == pytest.approx(-1)


def test_equal_labels_have_no_r2() -> None:
    assert regression_metrics(np.ones(3), np.arange(3.0))["r2"] is None
