"""Metrics of predicted probabilities of a binary target."""

from typing import Any

import numpy as np
import numpy.typing as npt

from yule_models.metrics.ranking import lift_at, precision_at

__all__ = ["BINARY_METRICS", "TOP_SHARES", "binary_metrics"]

TOP_SHARES = (0.01, 0.05, 0.1)
"""The shares of best-scored rows at which precision and lift are reported."""

_TOPS = tuple(f"{share:.0%}".replace("%", "pct") for share in TOP_SHARES)
BINARY_METRICS = (
    "auc",
    "average_precision",
    "log_loss",
    "brier",
    *(f"{metric}_at_{top}" for top in _TOPS for metric in ("precision", "lift")),
)
"""The names of the metrics, in the order in which they are reported."""

Floats = npt.NDArray[np.float64]


def binary_metrics(
    labels: Floats, probabilities: Floats, weights: Floats | None = None
) -> dict[str, float | None]:
    """Return all metrics by name.

    Args:
        labels: 0 or 1, of shape (n,), n at least 1.
        probabilities: Predicted probabilities of 1, of shape (n,).
        weights: Of the rows, of shape (n,), above 0; None: all count alike.

    Returns:
        One value for each of `BINARY_METRICS`; None where the labels do not define it, as they do
        not define an AUC of one class.
    """
    from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

    counted: dict[str, Any] = {"sample_weight": weights}
    has_positives = bool(labels.any())
    has_both = has_positives and not bool(labels.all())
    metrics: dict[str, float | None] = {
        "auc": float(roc_auc_score(labels, probabilities, **counted)) if has_both else None,
        "average_precision": (
            float(average_precision_score(labels, probabilities, **counted))
            if has_positives
            else None
        ),
        "log_loss": float(log_loss(labels, probabilities, labels=[0, 1], **counted)),
        "brier": float(brier_score_loss(labels, probabilities, pos_label=1, **counted)),
    }
    for share, top in zip(TOP_SHARES, _TOPS, strict=True):
        metrics[f"precision_at_{top}"] = precision_at(labels, probabilities, share, weights)
        metrics[f"lift_at_{top}"] = lift_at(labels, probabilities, share, weights)
    return metrics
