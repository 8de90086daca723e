"""One metric of each kind of target that people know by heart, for learning curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from yule_models.targets import Target

__all__ = ["headline_metric"]

Floats = npt.NDArray[np.float64]


def headline_metric(
    target: Target, labels: Floats, predictions: Floats, weights: Floats | None = None
) -> tuple[str, float] | None:
    """Return `auc`, `accuracy` or `r2` and its value; None where the labels do not define it.

    Args:
        target: The target.
        labels: Encoded labels, of shape (n,); NaN where there is none.
        predictions: Of shape (n, outputs).
        weights: Of shape (n,); None: all rows weigh the same.
    """
    known = ~np.isnan(labels)
    wanted, found = labels[known], predictions[known]
    own = np.ones(len(wanted)) if weights is None else np.asarray(weights, np.float64)[known]
    if not len(wanted) or not np.isfinite(found).all():
        return None
    if target.kind == "multiclass":
        return "accuracy", float(np.average(found.argmax(axis=1) == wanted, weights=own))
    if len(np.unique(wanted)) < 2:
        return None
    if target.kind == "binary":
        return "auc", _auc(wanted, found[:, 0], own)
    errors = np.average((wanted - found[:, 0]) ** 2, weights=own)
    spread = np.average((wanted - np.average(wanted, weights=own)) ** 2, weights=own)
    return "r2", float(1 - errors / spread)


def _auc(labels: Floats, scores: Floats, weights: Floats) -> float:
    """Share of pairs of a 1 and a 0 that are in order; a tie counts half (Mann and Whitney).

    A pair weighs what its rows weigh, multiplied.
    """
    order = np.argsort(scores, kind="stable")
    ranked, hits = scores[order], np.where(labels[order] == 1, weights[order], 0.0)
    misses = weights[order] - hits
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    tied_hits, tied_misses = (np.add.reduceat(each, starts) for each in (hits, misses))
    below = np.cumsum(tied_misses) - tied_misses
    in_order = (tied_hits * (below + tied_misses / 2)).sum()
    return float(in_order / (tied_hits.sum() * tied_misses.sum()))
