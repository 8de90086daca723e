import re

import numpy as np
import pytest
from yule_models.errors import TargetError
from yule_models.metrics import MetricError, default_metric, encode_labels, evaluate, loss_of
from yule_models.targets import Target

BINARY = Target(name="purchased", kind="binary")
SEGMENT = Target(name="segment", kind="multiclass", classes=("new", "old"))
SPEND = Target(name="spend", kind="regression")


def test_labels_become_numbers() -> None:
    assert encode_labels(BINARY, [True, False]).tolist() == [1, 0]
    assert encode_labels(SEGMENT, ["old", "new"]).tolist() == [1, 0]
    assert encode_labels(SPEND, [2, 3.5]).tolist() == [2, 3.5]


def test_a_missing_label_is_nan() -> None:
    assert np.isnan(encode_labels(BINARY, [1, None])).tolist() == [False, True]
    assert np.isnan(encode_labels(BINARY, [True, None])).tolist() == [False, True]
    assert np.isnan(encode_labels(SEGMENT, ["new", None])).tolist() == [False, True]


@pytest.mark.parametrize(
    ("target", "labels", "value"),
    [
        (BINARY, [0, 2], "2"),
        (BINARY, [True, 0.5], "0.5"),
        (SEGMENT, ["new", "odd"], "'odd'"),
        (SPEND, [1.0, "much"], "'much'"),
        (SPEND, [1.0, -np.inf], "-inf"),
        (SPEND, [1.0, 2e200], r"2e\+200"),
    ],
)
def test_a_foreign_label_is_refused(target: Target, labels: list[object], value: str) -> None:
    with pytest.raises(TargetError, match=f"target '{target.name}' is .* a label is {value}"):
        encode_labels(target, labels)


def test_each_kind_has_its_metrics() -> None:
    half = np.full((2, 2), 0.5)
    labels = np.array([0.0, 1.0])
    assert "lift_at_10pct" in evaluate(BINARY, labels, half[:, :1])
    assert {"log_loss", "accuracy", "macro_auc"} < set(evaluate(SEGMENT, labels, half))
    assert set(evaluate(SPEND, labels, half[:, :1])) == {"rmse", "mae", "r2", "spearman"}


def test_a_loss_falls_as_predictions_get_better() -> None:
    labels = np.array([0.0, 0, 1, 1])
    good, bad = (
        np.array(column)[:, None] for column in ([0.1, 0.2, 0.8, 0.9], [0.1, 0.9, 0.4, 0.6])
    )
    for metric in (None, "auc", "average_precision", "brier", "lift_at_10pct"):
        loss = loss_of(BINARY, metric)
        assert loss(labels, good) <= loss(labels, bad)


def test_the_default_loss_is_the_reported_log_loss() -> None:
    labels, predictions = np.array([0.0, 1, 1]), np.array([[0.2], [0.7], [1.0]])
    reported = evaluate(BINARY, labels, predictions)["log_loss"]
    assert loss_of(BINARY)(labels, predictions) == pytest.approx(reported)


@pytest.mark.parametrize(
    ("target", "labels", "predictions"),
    [
        (SEGMENT, [0.0, 1, 1], [[0.9, 0.1], [0.2, 0.8], [1.0, 0.0]]),
        (SPEND, [0.0, 1, 5], [[0.5], [1.0], [2.0]]),
    ],
)
def test_the_default_loss_of_the_others_is_the_reported_one_too(
    target: Target, labels: list[float], predictions: list[list[float]]
) -> None:
    found, values = np.array(labels), np.array(predictions)
    reported = evaluate(target, found, values)[default_metric(target)]
    assert loss_of(target)(found, values) == pytest.approx(reported)


def test_an_undefined_metric_is_infinitely_bad() -> None:
    assert loss_of(BINARY, "auc")(np.zeros(2), np.zeros((2, 1))) == np.inf


@pytest.mark.parametrize("target", [BINARY, SEGMENT, SPEND])
def test_an_unknown_metric_is_refused_by_the_names_of_all_that_are_reported(target: Target) -> None:
    reported = evaluate(target, np.zeros(2), np.full((2, target.outputs), 0.5))
    known = re.escape(", ".join(reported))
    with pytest.raises(MetricError, match=f"has no metric 'gini'; it has {known}\\.$"):
        loss_of(target, "gini")
