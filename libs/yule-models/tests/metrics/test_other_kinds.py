import numpy as np
import pytest
from yule_models.metrics import (
    class_metrics,
    confusion,
    multiclass_metrics,
    predicted_curve,
    regression_metrics,
    residual_histogram,
)

PROBABILITIES = np.array([[0.8, 0.1, 0.1], [0.2, 0.6, 0.2], [0.5, 0.3, 0.2], [0.1, 0.7, 0.2]])
CLASSES = np.array([0, 1, 2, 1])


def test_multiclass() -> None:
    probabilities = np.array([[0.8, 0.1, 0.1], [0.2, 0.6, 0.2], [0.5, 0.3, 0.2]])
    metrics = multiclass_metrics(np.array([0, 1, 2]), probabilities)
    assert metrics["accuracy"] == pytest.approx(2 / 3)
    assert metrics["log_loss"] == pytest.approx(-np.log([0.8, 0.6, 0.2]).mean())
    assert metrics["macro_auc"] == pytest.approx((1 + 1 + 0.75) / 3)
    assert metrics["balanced_accuracy"] == pytest.approx(2 / 3)
    assert metrics["macro_f1"] == pytest.approx((2 / 3 + 1 + 0) / 3)


def test_confusion_counts_rows_by_class_and_most_probable_class() -> None:
    assert confusion(CLASSES, PROBABILITIES) == [[1, 0, 0], [0, 2, 0], [1, 0, 0]]


def test_each_class_is_judged_against_the_others() -> None:
    basic, plus, pro = class_metrics(CLASSES, PROBABILITIES, ["basic", "plus", "pro"])
    assert (basic["rows"], basic["share"], basic["auc"]) == (1, 0.25, 1)
    assert (basic["precision"], basic["recall"]) == (0.5, 1)
    assert (plus["precision"], plus["recall"], plus["lift_at_10pct"]) == (1, 1, 2)
    assert (pro["precision"], pro["recall"]) == (None, 0)


def test_a_class_that_never_occurs_has_no_metrics() -> None:
    *_, absent = class_metrics(np.array([0, 1]), PROBABILITIES[:2], ["basic", "plus", "pro"])
    assert absent["rows"] == 0
    assert {absent[name] for name in ("auc", "average_precision", "recall")} == {None}


def test_a_missing_class_is_left_out_of_macro_auc() -> None:
    probabilities = np.array([[0.8, 0.1, 0.1], [0.2, 0.6, 0.2]])
    assert multiclass_metrics(np.array([0, 1]), probabilities)["macro_auc"] == 1
    assert multiclass_metrics(np.array([0, 0]), probabilities)["macro_auc"] is None


def test_regression() -> None:
    metrics = regression_metrics(np.array([1.0, 2, 3]), np.array([1.0, 2, 5]))
    assert metrics["mae"] == pytest.approx(2 / 3)
    assert metrics["rmse"] == pytest.approx((4 / 3) ** 0.5)
    assert metrics["r2"] == pytest.approx(-1)
    assert metrics["spearman"] == pytest.approx(1)


def test_predictions_are_held_against_what_came_of_them() -> None:
    predictions = np.repeat([1.0, 2.0], 20)
    labels = np.concatenate([np.zeros(20), np.arange(20.0)])
    low, high = predicted_curve(labels, predictions)
    assert (low["predicted"], low["actual"], low["rows"]) == (1, 0, 20)
    assert (high["predicted"], high["actual"], high["p50"]) == (2, 9.5, 9.5)
    assert high["p10"] == pytest.approx(1.9)


def test_residuals_are_counted_each_once() -> None:
    labels = np.random.default_rng(0).normal(size=2000)
    found = residual_histogram(labels, np.zeros(2000))
    assert sum(found["rows"]) + found["below"] + found["above"] == 2000
    assert found["below"] == found["above"] == 10
    assert found["mean"] == pytest.approx(labels.mean())
    assert len(found["edges"]) == len(found["rows"]) + 1


def test_no_error_at_all_is_a_single_bar() -> None:
    assert max(residual_histogram(np.ones(5), np.ones(5))["rows"]) == 5


def test_equal_labels_have_no_r2() -> None:
    metrics = regression_metrics(np.ones(3), np.arange(3.0))
    assert metrics["r2"] is None
    assert metrics["spearman"] is None
