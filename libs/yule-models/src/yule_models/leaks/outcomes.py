"""A target's labels as a few levels, which bins of features can be counted against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from yule_models.metrics import encode_labels
from yule_models.targets import Target

__all__ = ["Outcomes"]

_TENTHS = np.linspace(0, 1, 11)[1:-1]


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """The level of each row's label.

    Attributes:
        levels: Of shape (n,), from 0 on; -1 where there is no label.
        count: How many levels there are.
        is_ordered: Whether a higher level is more of something, or merely another class.
        weights: What each row counts, 1 in the mean, of shape (n,); None: all count alike.
    """

    levels: npt.NDArray[np.int64]
    count: int
    is_ordered: bool
    weights: npt.NDArray[np.float64] | None = None

    @classmethod
    def of(
        cls,
        labels: pa.ChunkedArray,
        target: Target,
        weights: npt.NDArray[np.float64] | None = None,
    ) -> Outcomes:
        """Read a target's labels: 0 and 1, classes, or the tenth that a number falls into.

        Args:
            labels: The labels, n of them.
            target: The target.
            weights: Of the rows, of shape (n,), of which only ratios matter; None: all alike.

        Raises:
            TargetError: If a label is none that the target can have.
        """
        values = encode_labels(target, labels.to_pandas())
        is_known = ~np.isnan(values)
        levels = np.full(len(values), -1, dtype=np.int64)
        own = None if weights is None else weights / weights.mean()
        if target.kind != "regression":
            levels[is_known] = values[is_known].astype(np.int64)
            count = max(target.outputs, 2)
            return cls(levels=levels, count=count, is_ordered=target.kind == "binary", weights=own)
        if is_known.any():
            edges = np.unique(np.quantile(values[is_known], _TENTHS, method="lower"))
            levels[is_known] = np.searchsorted(edges, values[is_known], side="left")
        return cls(levels=levels, count=len(_TENTHS) + 1, is_ordered=True, weights=own)
