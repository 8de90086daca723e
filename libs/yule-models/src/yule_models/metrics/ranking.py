"""How good the top of a ranking is."""

import math

import numpy as np
import numpy.typing as npt

__all__ = ["lift_at", "precision_at"]

Floats = npt.NDArray[np.float64]


def precision_at(
    labels: Floats, scores: Floats, share: float, weights: Floats | None = None
) -> float:
    """Return the share of positives among the best-scored rows.

    Where rows of equal score straddle the cut, the expected value over all orders of them is
    returned; so it depends neither on the order of rows nor on chance.

    Args:
        labels: 0 or 1, of shape (n,), n at least 1.
        scores: Higher is better, of shape (n,).
        share: Share of the rows to look at, in (0, 1]; rounded up to whole rows.
        weights: Of the rows, of shape (n,), above 0, the share of which is looked at, with a part
            of those at its end; None: all count alike.

    Example:
        >>> precision_at(np.array([1.0, 0, 1, 0]), np.array([0.9, 0.5, 0.5, 0.1]), 0.5)
        0.75
    """
    if weights is not None:
        _, group = np.unique(-scores, return_inverse=True)
        totals = np.cumsum(np.bincount(group, weights))
        found = np.cumsum(np.bincount(group, weights * labels))
        looked_at = share * totals[-1]
        reached = np.interp(looked_at, np.append(0, totals), np.append(0, found))
        return float(reached / looked_at)
    rows = math.ceil(round(share * len(labels), 9))
    cut = np.partition(scores, len(scores) - rows)[len(scores) - rows]
    is_above, is_tied = scores > cut, scores == cut
    left = rows - np.count_nonzero(is_above)
    expected = labels[is_above].sum() + left * labels[is_tied].mean()
    return float(expected / rows)


def lift_at(
    labels: Floats, scores: Floats, share: float, weights: Floats | None = None
) -> float | None:
    """Return how many times more positives the best-scored rows hold than rows drawn at random.

    Ties are resolved as in `precision_at`. None where there are no positives.
    """
    base = float(np.average(labels, weights=weights))
    return precision_at(labels, scores, share, weights) / base if base else None
