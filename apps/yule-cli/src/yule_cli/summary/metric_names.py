"""How metrics are called among people, and which direction is better."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["MetricLook", "look_of", "main_metric", "metrics_by_interest"]


@dataclass(frozen=True, kw_only=True)
class MetricLook:
    """How a metric is shown.

    Attributes:
        label: Its name in tables.
        is_higher_better: False for losses.
        digits: Digits after the point.
    """

    label: str
    is_higher_better: bool = True
    digits: int = 3


_LOOKS = {
    "auc": MetricLook(label="AUC"),
    "macro_auc": MetricLook(label="Macro AUC"),
    "average_precision": MetricLook(label="Avg. precision"),
    "log_loss": MetricLook(label="Log-loss", is_higher_better=False),
    "lift_at_10pct": MetricLook(label="Lift at 10%", digits=2),
    "rmse": MetricLook(label="RMSE", is_higher_better=False),
    "mae": MetricLook(label="MAE", is_higher_better=False),
    "r2": MetricLook(label="R²"),
    "spearman": MetricLook(label="Spearman"),
    "accuracy": MetricLook(label="Accuracy"),
    "balanced_accuracy": MetricLook(label="Balanced acc."),
    "macro_f1": MetricLook(label="Macro F1"),
    "brier": MetricLook(label="Brier", is_higher_better=False),
    "lift_at_5pct": MetricLook(label="Lift at 5%", digits=2),
    "precision_at_10pct": MetricLook(label="Precision at 10%"),
    "lift_at_1pct": MetricLook(label="Lift at 1%", digits=2),
    "precision_at_5pct": MetricLook(label="Precision at 5%"),
    "precision_at_1pct": MetricLook(label="Precision at 1%"),
}
_ORDER = {name: position for position, name in enumerate(_LOOKS)}
_AT_SHARE = re.compile(r"(lift|precision)_at_(.+)pct")


def look_of(metric: str) -> MetricLook:
    """Return how a metric is shown; an unknown one by its own name, higher being better.

    Example:
        >>> look_of("lift_at_20pct").label
        'Lift at 20%'
    """
    if metric in _LOOKS:
        return _LOOKS[metric]
    if match := _AT_SHARE.fullmatch(metric):
        return MetricLook(label=f"{match[1].capitalize()} at {match[2]}%", digits=2)
    return MetricLook(label=metric.replace("_", " "))


def metrics_by_interest(metrics: Iterable[str]) -> list[str]:
    """Sort metric names: what most people ask for first."""
    return sorted(metrics, key=lambda name: (_ORDER.get(name, len(_ORDER)), name))


def main_metric(metrics: Iterable[str]) -> str | None:
    """Return the metric that models are sorted by, or None where there is none."""
    return next(iter(metrics_by_interest(metrics)), None)
