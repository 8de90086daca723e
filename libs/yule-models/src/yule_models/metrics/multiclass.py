"""Metrics of predicted probabilities of a target with several classes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from yule_models.metrics.ranking import lift_at

__all__ = ["MULTICLASS_METRICS", "class_metrics", "confusion", "multiclass_metrics"]

MULTICLASS_METRICS = ("macro_auc", "log_loss", "accuracy", "balanced_accuracy", "macro_f1")
"""The names of the metrics, in the order in which they are reported."""

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
_TOP_SHARE = 0.1


def multiclass_metrics(
    labels: Numbers, probabilities: Floats, weights: Floats | None = None
) -> dict[str, float | None]:
    """Return all metrics by name.

    Args:
        labels: Number of the class, of shape (n,), n at least 1.
        probabilities: Rows that sum to 1, of shape (n, classes).
        weights: Of the rows, of shape (n,), above 0; None: all count alike.

    Returns:
        `macro_auc`, the mean over the classes that the labels hold of each against the rest (None
        where they hold a single one); `log_loss`; `accuracy`, `balanced_accuracy` (the mean recall
        of the classes that the labels hold) and `macro_f1` (of the classes that labels or
        predictions hold), where the predicted class is the most probable, of equals the first.
    """
    from sklearn.metrics import f1_score, log_loss, roc_auc_score

    counted: dict[str, Any] = {"sample_weight": weights}
    classes = range(probabilities.shape[1])
    present = [label for label in classes if (labels == label).any()]
    areas = [
        roc_auc_score(labels == label, probabilities[:, label], **counted)
        for label in present
        if len(present) > 1
    ]
    predicted = probabilities.argmax(axis=1)
    recalls = [
        _mean(predicted[own] == label, None if weights is None else weights[own])
        for label in present
        for own in [labels == label]
    ]
    return {
        "macro_auc": float(np.mean(areas)) if areas else None,
        "log_loss": float(log_loss(labels, probabilities, labels=list(classes), **counted)),
        "accuracy": _mean(predicted == labels, weights),
        "balanced_accuracy": float(np.mean(recalls)),
        "macro_f1": float(f1_score(labels, predicted, average="macro", zero_division=0, **counted)),
    }


def confusion(labels: Numbers, probabilities: Floats) -> list[list[int]]:
    """Return how many rows of each class (outer) are predicted as each class (inner)."""
    classes = probabilities.shape[1]
    cells = labels * classes + probabilities.argmax(axis=1)
    counts = np.bincount(cells, minlength=classes * classes).reshape(classes, classes)
    return [[int(count) for count in row] for row in counts]


def class_metrics(
    labels: Numbers, probabilities: Floats, classes: Sequence[Any]
) -> list[dict[str, Any]]:
    """Return for each class how well it is ranked and found, against all others.

    Returns:
        For each class `class`, `rows`, `share`, `auc`, `average_precision`, `lift_at_10pct`,
        `precision` and `recall` of the most probable class; None where the labels or predictions
        do not define it.
    """
    from sklearn.metrics import average_precision_score, roc_auc_score

    predicted = probabilities.argmax(axis=1)
    found = []
    for number, name in enumerate(classes):
        is_class = (labels == number).astype(np.float64)
        scores, hits = probabilities[:, number], (predicted == number) & (labels == number)
        has_some = bool(is_class.any())
        has_both = has_some and not bool(is_class.all())
        found.append(
            {
                "class": name,
                "rows": int(is_class.sum()),
                "share": float(is_class.mean()),
                "auc": float(roc_auc_score(is_class, scores)) if has_both else None,
                "average_precision": (
                    float(average_precision_score(is_class, scores)) if has_some else None
                ),
                "lift_at_10pct": lift_at(is_class, scores, _TOP_SHARE),
                "precision": _share(hits, predicted == number),
                "recall": _share(hits, labels == number),
            }
        )
    return found


def _mean(hits: npt.NDArray[np.bool_], weights: Floats | None) -> float:
    return float(np.average(hits, weights=weights))


def _share(hits: npt.NDArray[np.bool_], of: npt.NDArray[np.bool_]) -> float | None:
    return float(hits.sum() / of.sum()) if of.any() else None
