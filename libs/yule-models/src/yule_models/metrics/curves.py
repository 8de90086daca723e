"""Curves that say what a ranking is worth, and whether probabilities mean what they say."""

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["calibration_curve", "gain_curve", "lift_curve"]

Floats = npt.NDArray[np.float64]
_POINTS = 100


def gain_curve(
    labels: Floats, scores: Floats, weights: Floats | None = None
) -> list[dict[str, float]]:
    """Return which share of all positives is found among the best-scored share of rows.

    Rows of equal score count as if in random order.

    Args:
        labels: 0 or 1, of shape (n,), with at least one 1.
        scores: Higher is better, of shape (n,).
        weights: Of the rows, of shape (n,), above 0; None: all count alike.

    Returns:
        Points with `share` and `gain`, from 0 to 1 in hundredths.
    """
    weights = np.ones(len(labels)) if weights is None else weights
    _, group = np.unique(-scores, return_inverse=True)
    rows = np.bincount(group, weights=weights)
    positives = np.bincount(group, weights=weights * labels)
    reached = np.concatenate([[0.0], np.cumsum(rows) / weights.sum()])
    found = np.concatenate([[0.0], np.cumsum(positives) / (weights * labels).sum()])
    shares = np.arange(_POINTS + 1) / _POINTS
    gains = np.interp(shares, reached, found)
    return [{"share": float(s), "gain": float(g)} for s, g in zip(shares, gains, strict=True)]


def lift_curve(
    labels: Floats, scores: Floats, weights: Floats | None = None
) -> list[dict[str, float]]:
    """Return how many times more positives the best-scored share holds than a random one.

    Arguments are those of `gain_curve`.

    Returns:
        Points with `share` and `lift`, from 0.01 to 1 in hundredths.
    """
    points = gain_curve(labels, scores, weights)[1:]
    return [{"share": p["share"], "lift": p["gain"] / p["share"]} for p in points]


def calibration_curve(
    labels: Floats, probabilities: Floats, weights: Floats | None = None, *, bins: int = 10
) -> list[dict[str, Any]]:
    """Return predicted and observed frequencies in bins of about equal numbers of rows.

    Rows of equal probability share a bin, so that there may be fewer bins.

    Args:
        labels: 0 or 1, of shape (n,).
        probabilities: Predicted probabilities of 1, of shape (n,).
        weights: Of the rows, of shape (n,), above 0, for the means of a bin; None: 1.
        bins: The most bins.

    Returns:
        Bins with `predicted` (mean probability), `observed` (share of positives) and `rows`, by
        ascending probability.
    """
    edges = np.unique(np.quantile(probabilities, np.arange(1, bins) / bins, method="lower"))
    group = np.searchsorted(edges, probabilities, side="left")
    curve = []
    for number in np.unique(group):
        members = group == number
        own = None if weights is None else weights[members]
        curve.append(
            {
                "predicted": float(np.average(probabilities[members], weights=own)),
                "observed": float(np.average(labels[members], weights=own)),
                "rows": int(np.count_nonzero(members)),
            }
        )
    return curve
