"""One metric of each kind of target that people know by heart, for learning curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from yule_models.targets import Target

__all__ = ["headline_metric"]

Floats = npt.NDArray[np.float64]


def headline_metric(
    target: Target, labels: Floats, predictions: Floats
) -> tuple[str, float] | None:
    """Return `auc`, `accuracy` or `r2` and its value; None where the labels do not define it.

    Args:
        target: The target.
        labels: Encoded labels, of shape (n,); NaN where there is none.
        predictions: Of shape (n, outputs).
    """
    known = ~np.isnan(labels)
    wanted, found = labels[known], predictions[known]
    if not len(wanted) or not np.isfinite(found).all():
        return None
    if target.kind == "multiclass":
        return "accuracy", float((found.argmax(axis=1) == wanted).mean())
    if len(np.unique(wanted)) < 2:
        return None
    if target.kind == "binary":
        return "auc", _auc(wanted, found[:, 0])
    return "r2", float(1 - ((wanted - found[:, 0]) ** 2).mean() / wanted.var())


def _auc(labels: Floats, scores: Floats) -> float:
    """Share of pairs of a 1 and a 0 that are in order; a tie counts half (Mann and Whitney)."""
    hits = labels == 1
    count = int(hits.sum())
    above = pd.Series(scores).rank().to_numpy()[hits].sum() - count * (count + 1) / 2
    return float(above / (count * (len(labels) - count)))
