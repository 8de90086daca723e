"""The metrics that suit each kind of target, and the loss that an ensemble minimises."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, assert_never

import numpy as np
import numpy.typing as npt

from yule_models.errors import TargetError, YuleModelsError
from yule_models.metrics.binary import BINARY_METRICS, binary_metrics
from yule_models.metrics.multiclass import MULTICLASS_METRICS, multiclass_metrics
from yule_models.metrics.regression import REGRESSION_METRICS, regression_metrics

if TYPE_CHECKING:
    from yule_models.targets import Target

__all__ = [
    "MetricError",
    "default_metric",
    "encode_labels",
    "evaluate",
    "is_higher_better",
    "loss_of",
]

Floats = npt.NDArray[np.float64]
_LARGEST = 1e150
"""Beyond it, squares of errors are no finite numbers."""
_LOWER_IS_BETTER = frozenset({"log_loss", "brier", "rmse", "mae"})
_NAMES = {
    "binary": BINARY_METRICS,
    "multiclass": MULTICLASS_METRICS,
    "regression": REGRESSION_METRICS,
}
_DEFAULT = {"binary": "log_loss", "multiclass": "log_loss", "regression": "rmse"}


class MetricError(YuleModelsError):
    """A metric is unknown to the kind of target."""


def encode_labels(target: Target, labels: Any) -> Floats:
    """Return labels as numbers: 0 or 1, the number of the class, or the value itself.

    Args:
        target: The target.
        labels: A sequence or series of labels, of shape (n,).

    Returns:
        Numbers of shape (n,); NaN where there is no label.

    Raises:
        TargetError: If a label is none of the target's classes, or too large a number.
    """
    import pandas as pd

    series = pd.Series(labels).reset_index(drop=True)
    if target.kind == "multiclass":
        numbers = {label: float(number) for number, label in enumerate(target.classes or ())}
        encoded = series.map(numbers)
    else:
        encoded = pd.to_numeric(series, errors="coerce")
    values = encoded.to_numpy(dtype=np.float64, na_value=np.nan)
    is_unknown = (np.isnan(values) & series.notna().to_numpy()) | (np.abs(values) > _LARGEST)
    if target.kind == "binary":
        is_unknown |= ~np.isnan(values) & (values != 0) & (values != 1)
    if is_unknown.any():
        label = series[is_unknown].tolist()[0]  # of Python's types, to be shown
        limit = f"; numbers count up to {_LARGEST:g}" if target.kind == "regression" else ""
        raise TargetError(
            f"The target {target.name!r} is {target.kind}, but a label is {label!r}{limit}."
        )
    return values


def evaluate(
    target: Target, labels: Floats, predictions: Floats, weights: Floats | None = None
) -> dict[str, float | None]:
    """Return the metrics of a target's predictions.

    Args:
        target: The target.
        labels: Encoded labels without NaN, of shape (n,), n at least 1.
        predictions: Of shape (n, outputs), with one output or one for each class.
        weights: Of the rows, of shape (n,), above 0; None: all count alike.
    """
    match target.kind:
        case "binary":
            return binary_metrics(labels, predictions[:, 0], weights)
        case "multiclass":
            return multiclass_metrics(labels.astype(np.int64), predictions, weights)
        case "regression":
            return regression_metrics(labels, predictions[:, 0], weights)
        case _:
            assert_never(target.kind)


def default_metric(target: Target) -> str:
    """Return the metric that ensembles improve if no other is named."""
    return _DEFAULT[target.kind]


def is_higher_better(metric: str) -> bool:
    """Whether more of a metric is better; False for losses."""
    return metric not in _LOWER_IS_BETTER


def loss_of(
    target: Target, metric: str | None = None, weights: Floats | None = None
) -> Callable[[Floats, Floats], float]:
    """Return a function of labels and predictions (as in `evaluate`) that is to be made small.

    Args:
        target: The target.
        metric: Name of one of its metrics; None for log-loss, or RMSE of numbers. A metric that the
            labels do not define counts as infinitely bad.
        weights: Of the rows whose labels the function is given; None: all count alike.

    Raises:
        MetricError: If the target's kind has no such metric.
    """
    name = metric or default_metric(target)
    known = _NAMES[target.kind]
    if name not in known:
        raise MetricError(
            f"The {target.kind} target {target.name!r} has no metric {name!r}; "
            f"it has {', '.join(known)}."
        )
    if name in _QUICK:
        return partial(_QUICK[name][target.kind], weights)
    sign = -1.0 if is_higher_better(name) else 1.0

    def loss(labels: Floats, predictions: Floats) -> float:
        value = evaluate(target, labels, predictions, weights)[name]
        return np.inf if value is None else sign * value

    return loss


def _binary_log_loss(weights: Floats | None, labels: Floats, predictions: Floats) -> float:
    likelihood = np.where(labels == 1, predictions[:, 0], 1 - predictions[:, 0])
    return _mean_log(likelihood, weights)


def _multiclass_log_loss(weights: Floats | None, labels: Floats, predictions: Floats) -> float:
    own = predictions[np.arange(len(labels)), labels.astype(np.int64)]
    return _mean_log(own, weights)


def _mean_log(likelihood: Floats, weights: Floats | None) -> float:
    logs = np.log(np.maximum(likelihood, np.finfo(np.float64).eps))
    return float(-np.average(logs, weights=weights))


def _rmse(weights: Floats | None, labels: Floats, predictions: Floats) -> float:
    return float(np.sqrt(np.average((labels - predictions[:, 0]) ** 2, weights=weights)))


_QUICK: dict[str, dict[str, Callable[[Floats | None, Floats, Floats], float]]] = {
    "log_loss": {"binary": _binary_log_loss, "multiclass": _multiclass_log_loss},
    "rmse": {"regression": _rmse},
}
"""Metrics alone, without the others: greedy selection asks for them a thousand times."""
