"""What predictions are worth: numbers by fold, and curves."""

from yule_models.metrics.binary import TOP_SHARES, binary_metrics
from yule_models.metrics.curves import calibration_curve, gain_curve, lift_curve
from yule_models.metrics.multiclass import multiclass_metrics
from yule_models.metrics.ranking import lift_at, precision_at
from yule_models.metrics.regression import regression_metrics
from yule_models.metrics.summary import summarise_folds
from yule_models.metrics.targets import MetricError, encode_labels, evaluate, loss_of

__all__ = [
    "TOP_SHARES",
    "MetricError",
    "binary_metrics",
    "calibration_curve",
    "encode_labels",
    "evaluate",
    "gain_curve",
    "lift_at",
    "lift_curve",
    "loss_of",
    "multiclass_metrics",
    "precision_at",
    "regression_metrics",
    "summarise_folds",
]
