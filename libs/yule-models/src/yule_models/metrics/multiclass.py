"""Metrics of predicted probabilities of a target with several classes."""

import numpy as np
import numpy.typing as npt

__all__ = ["multiclass_metrics"]


def multiclass_metrics(
    labels: npt.NDArray[np.int64], probabilities: npt.NDArray[np.float64]
) -> dict[str, float | None]:
    """Return all metrics by name.

    Args:
        labels: Number of the class, of shape (n,), n at least 1.
        probabilities: Rows that sum to 1, of shape (n, classes).

    Returns:
        `log_loss`, `accuracy` (ties go to the first class) and `macro_auc`, the mean over the
        classes that the labels hold of each against the rest; None where they hold a single one.
    """
    from sklearn.metrics import accuracy_score, log_loss, roc_auc_score

    classes = range(probabilities.shape[1])
    present = [label for label in classes if (labels == label).any()]
    areas = [
        roc_auc_score(labels == label, probabilities[:, label])
        for label in present
        if len(present) > 1
    ]
    return {
        "log_loss": float(log_loss(labels, probabilities, labels=list(classes))),
        "accuracy": float(accuracy_score(labels, probabilities.argmax(axis=1))),
        "macro_auc": float(np.mean(areas)) if areas else None,
    }
