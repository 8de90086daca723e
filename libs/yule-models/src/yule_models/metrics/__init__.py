"""What predictions are worth: numbers by fold, and curves."""

from yule_models.metrics.binary import TOP_SHARES, binary_metrics
from yule_models.metrics.curves import calibration_curve, gain_curve, lift_curve
from yule_models.metrics.drawn import target_curves
from yule_models.metrics.headline import headline_metric
from yule_models.metrics.multiclass import class_metrics, confusion, multiclass_metrics
from yule_models.metrics.ranking import lift_at, precision_at
from yule_models.metrics.regression import (
    predicted_curve,
    regression_metrics,
    residual_histogram,
)
from yule_models.metrics.summary import summarise_folds
from yule_models.metrics.targets import (
    MetricError,
    default_metric,
    encode_labels,
    evaluate,
    is_higher_better,
    loss_of,
)

__all__ = [
    "TOP_SHARES",
    "MetricError",
    "binary_metrics",
    "calibration_curve",
    "class_metrics",
    "confusion",
    "default_metric",
    "encode_labels",
    "evaluate",
    "gain_curve",
    "headline_metric",
    "is_higher_better",
    "lift_at",
    "lift_curve",
    "loss_of",
    "multiclass_metrics",
    "precision_at",
    "predicted_curve",
    "regression_metrics",
    "residual_histogram",
    "summarise_folds",
    "target_curves",
]
