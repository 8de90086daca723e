import numpy as np
import pytest
from yule_models.metrics import binary_metrics


def test_metrics_of_four_rows() -> None:
    metrics = binary_metrics(np.array([0.0, 1, 0, 1]), np.array([0.1, 0.4, 0.5, 0.8]))
    assert metrics["auc"] == 0.75
    assert metrics["average_precision"] == pytest.approx((1 + 2 / 3) / 2)
    assert metrics["brier"] == pytest.approx((0.01 + 0.36 + 0.25 + 0.04) / 4)
    assert metrics["log_loss"] == pytest.approx(-np.log([0.9, 0.4, 0.5, 0.8]).mean())
    assert metrics["precision_at_10pct"] == 1
    assert metrics["lift_at_1pct"] == 2


def test_what_one_class_does_not_define_is_none() -> None:
    metrics = binary_metrics(np.zeros(3), np.array([0.1, 0.2, 0.3]))
    assert metrics["auc"] is None
    assert metrics["average_precision"] is None
    assert metrics["lift_at_5pct"] is None
    assert metrics["precision_at_5pct"] == 0


def test_a_certain_error_costs_much_but_not_infinitely() -> None:
    log_loss = binary_metrics(np.array([0.0, 1]), np.array([1.0, 1.0]))["log_loss"]
    assert log_loss is not None
    assert 10 < log_loss < 100
