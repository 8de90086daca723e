"""Metrics of predicted numbers."""

import numpy as np
import numpy.typing as npt

__all__ = ["regression_metrics"]

Floats = npt.NDArray[np.float64]


def regression_metrics(labels: Floats, predictions: Floats) -> dict[str, float | None]:
    """Return `rmse`, `mae` and `r2` by name.

    Args:
        labels: True values, of shape (n,), n at least 1.
        predictions: Predicted values, of shape (n,).

    Returns:
        The metrics; `r2` is None where all labels are equal.
    """
    from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

    varies = bool(np.ptp(labels) > 0)
    return {
        "rmse": float(root_mean_squared_error(labels, predictions)),
        "mae": float(mean_absolute_error(labels, predictions)),
        "r2": float(r2_score(labels, predictions)) if varies else None,
    }
