"""How well a score orders outcomes, from counts alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["concordance"]


def concordance(
    counts: npt.NDArray[np.int64] | npt.NDArray[np.float64], scores: npt.NDArray[np.float64]
) -> float:
    """Return how often, of two rows with different outcomes, the higher one has the higher score.

    Equal scores count half. With two outcomes this is the area under the ROC curve; with more, the
    c-index of F. Harrell et al., "Evaluating the yield of medical tests", JAMA 247 (1982).

    Args:
        counts: Rows, or their weight, by bin and outcome, of shape (bins, levels), levels in
            ascending order.
        scores: The score of each bin, of shape (bins,).

    Returns:
        From 0 to 1, 0.5 for a score that tells nothing; NaN where all rows have one outcome.

    Example:
        >>> float(concordance(np.array([[8, 2], [2, 8]]), np.array([0.1, 0.9])))
        0.8
    """
    groups, place = np.unique(scores, return_inverse=True)
    by_score = np.zeros((len(groups), counts.shape[1]))
    np.add.at(by_score, place, counts)
    of_lower_outcome = np.cumsum(by_score, axis=1) - by_score
    and_lower_score = np.cumsum(of_lower_outcome, axis=0) - of_lower_outcome
    totals = by_score.sum(axis=0)
    pairs = float((totals * (np.cumsum(totals) - totals)).sum())
    if pairs == 0:
        return float("nan")
    return float((by_score * (and_lower_score + of_lower_outcome / 2)).sum()) / pairs
