"""What of a target's predictions is worth drawing, by the kind of the target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from yule_models.metrics.curves import calibration_curve, gain_curve, lift_curve
from yule_models.metrics.multiclass import class_metrics, confusion
from yule_models.metrics.regression import predicted_curve, residual_histogram

if TYPE_CHECKING:
    from yule_models.targets import Target

__all__ = ["target_curves"]

Floats = npt.NDArray[np.float64]


def target_curves(
    target: Target, labels: Floats, predictions: Floats, weights: Floats | None = None
) -> dict[str, Any]:
    """Return curves and tables, as JSON.

    Args:
        target: The target.
        labels: Encoded labels without NaN, of shape (n,), n at least 1.
        predictions: Of shape (n, outputs).
        weights: Of the rows, of shape (n,), by which gain, lift and calibration count them; rows of
            classes, quantiles and bars of residuals are counted one by one.

    Returns:
        Binary: `gain`, `lift`, `calibration`, where there is a 1. Multiclass: `classes` (see
        `class_metrics`), `confusion`, and `gains`: for each class that occurs its `class` and
        `gain`. Regression: `predicted` (see `predicted_curve`), `residuals` (see
        `residual_histogram`), and, where no label is negative, `gain`: which share of the total the
        rows with the highest predictions hold.
    """
    match target.kind:
        case "binary":
            return _binary(labels, predictions[:, 0], weights)
        case "multiclass":
            return _multiclass(target, labels.astype(np.int64), predictions, weights)
        case "regression":
            return _regression(labels, predictions[:, 0], weights)


def _binary(labels: Floats, probabilities: Floats, weights: Floats | None) -> dict[str, Any]:
    if not labels.any():
        return {}
    return {
        "lift": lift_curve(labels, probabilities, weights),
        "gain": gain_curve(labels, probabilities, weights),
        "calibration": calibration_curve(labels, probabilities, weights),
    }


def _multiclass(
    target: Target,
    labels: npt.NDArray[np.int64],
    probabilities: Floats,
    weights: Floats | None,
) -> dict[str, Any]:
    classes = list(target.classes or ())
    gains = [
        {
            "class": name,
            "gain": gain_curve((labels == n).astype(float), probabilities[:, n], weights),
        }
        for n, name in enumerate(classes)
        if (labels == n).any()
    ]
    return {
        "classes": class_metrics(labels, probabilities, classes),
        "confusion": confusion(labels, probabilities),
        "gains": gains,
    }


def _regression(labels: Floats, predictions: Floats, weights: Floats | None) -> dict[str, Any]:
    curves: dict[str, Any] = {
        "predicted": predicted_curve(labels, predictions),
        "residuals": residual_histogram(labels, predictions),
    }
    if labels.min() >= 0 and labels.any():
        curves["gain"] = gain_curve(labels, predictions, weights)
    return curves
