"""How metrics are called among people, and which direction is better."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from yule_cli.summary.amounts import amount_digits, format_value

__all__ = ["MetricLook", "look_of", "main_metric", "metrics_by_interest"]


@dataclass(frozen=True, kw_only=True)
class MetricLook:
    """How a metric is shown.

    Attributes:
        label: Its name in tables.
        is_higher_better: False for losses.
        digits: Digits after the point; None for amounts, which have about four in all.
    """

    label: str
    is_higher_better: bool = True
    digits: int | None = 3

    def digits_of(self, value: float | None) -> int:
        """Return how many digits a value is shown with; a deviation has those of its mean."""
        return amount_digits(value) if self.digits is None else self.digits

    def format(self, value: float | None, *, like: float | None = None) -> str:
        """Return a value as text, with the digits of another one where that is given."""
        return format_value(value, self.digits_of(value if like is None else like))


_LOOKS = {
    "auc": MetricLook(label="AUC"),
    "macro_auc": MetricLook(label="Macro AUC"),
    "average_precision": MetricLook(label="Avg. precision"),
    "log_loss": MetricLook(label="Log-loss", is_higher_better=False),
    "lift_at_10pct": MetricLook(label="Lift at 10%", digits=2),
    "rmse": MetricLook(label="RMSE", is_higher_better=False, digits=None),
    "mae": MetricLook(label="MAE", is_higher_better=False, digits=None),
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
