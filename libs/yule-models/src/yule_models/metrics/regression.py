"""Metrics of predicted numbers."""

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["REGRESSION_METRICS", "predicted_curve", "regression_metrics", "residual_histogram"]

REGRESSION_METRICS = ("rmse", "mae", "r2", "spearman")
"""The names of the metrics, in the order in which they are reported."""

Floats = npt.NDArray[np.float64]
_BINS, _ROWS_OF_A_BIN = 20, 10
_BARS = 40
_OUTER = (0.005, 0.995)


def regression_metrics(
    labels: Floats, predictions: Floats, weights: Floats | None = None
) -> dict[str, float | None]:
    """Return `rmse`, `mae`, `r2` and `spearman` by name.

    Args:
        labels: True values, of shape (n,), n at least 1.
        predictions: Predicted values, of shape (n,).
        weights: Of the rows, of shape (n,), above 0; None: all count alike.

    Returns:
        The metrics; `r2` is None where all labels are equal, and `spearman`, the correlation of
        ranks, also where all predictions are.
    """
    from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

    counted: dict[str, Any] = {"sample_weight": weights}
    varies = bool(np.ptp(labels) > 0)
    return {
        "rmse": float(root_mean_squared_error(labels, predictions, **counted)),
        "mae": float(mean_absolute_error(labels, predictions, **counted)),
        "r2": float(r2_score(labels, predictions, **counted)) if varies else None,
        "spearman": _spearman(labels, predictions, weights),
    }


def predicted_curve(labels: Floats, predictions: Floats) -> list[dict[str, Any]]:
    """Return what became of predictions, in bins of about equal numbers of rows.

    Rows of equal prediction share a bin, so that there may be fewer bins.

    Returns:
        Bins by ascending prediction, with `predicted` (mean), `actual` (mean label), `p10`, `p50`
        and `p90` (quantiles of the labels), and `rows`.
    """
    bins = min(max(len(labels) // _ROWS_OF_A_BIN, 1), _BINS)
    edges = np.unique(np.quantile(predictions, np.arange(1, bins) / bins, method="lower"))
    group = np.searchsorted(edges, predictions, side="left")
    curve = []
    for number in np.unique(group):
        members = group == number
        low, middle, high = np.quantile(labels[members], (0.1, 0.5, 0.9)).tolist()
        curve.append(
            {
                "predicted": float(predictions[members].mean()),
                "actual": float(labels[members].mean()),
                "p10": low,
                "p50": middle,
                "p90": high,
                "rows": int(np.count_nonzero(members)),
            }
        )
    return curve


def residual_histogram(labels: Floats, predictions: Floats) -> dict[str, Any]:
    """Return how often labels lie how far from predictions.

    Returns:
        `edges` of bars of one width, `rows` in each, `below` and `above`: rows beyond the outer
        edges, which leave out the outermost half per cent on either side; and the `mean` of all.
    """
    residuals = labels - predictions
    low, high = np.quantile(residuals, _OUTER)
    if low == high:
        low, high = low - 0.5, high + 0.5
    counts, edges = np.histogram(residuals, bins=_BARS, range=(low, high))
    return {
        "edges": edges.tolist(),
        "rows": counts.tolist(),
        "below": int(np.count_nonzero(residuals < low)),
        "above": int(np.count_nonzero(residuals > high)),
        "mean": float(residuals.mean()),
    }


def _spearman(labels: Floats, predictions: Floats, weights: Floats | None) -> float | None:
    import pandas as pd

    one, other = (pd.Series(values).rank() for values in (labels, predictions))
    if one.nunique() < 2 or other.nunique() < 2:
        return None
    if weights is None:
        return float(one.corr(other))
    return _correlation(np.asarray(one, np.float64), np.asarray(other, np.float64), weights)


def _correlation(one: Floats, other: Floats, weights: Floats) -> float:
    spreads = np.cov(one, other, aweights=weights)
    return float(spreads[0, 1] / np.sqrt(spreads[0, 0] * spreads[1, 1]))
