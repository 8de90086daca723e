"""Predictions as ranks among those of known rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["RankScale", "learn_scale"]

Floats = npt.NDArray[np.float64]
_MOST_POINTS = 1000


@dataclass(frozen=True, kw_only=True)
class RankScale:
    """The share of known predictions below each of some values, linear between them.

    Attributes:
        values: Predictions, ascending.
        shares: For each the share of rows below it, and half of those equal to it.
    """

    values: tuple[float, ...]
    shares: tuple[float, ...]

    def apply(self, predictions: Floats) -> Floats:
        """Return the rank of each prediction, from 0 to 1, in the same shape."""
        return np.asarray(np.interp(predictions, self.values, self.shares))

    def to_json(self) -> dict[str, Any]:
        """Return the scale as JSON, as `of` takes it."""
        return {"values": list(self.values), "shares": list(self.shares)}

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> RankScale:
        """Build a scale from its JSON form."""
        return cls(values=tuple(value["values"]), shares=tuple(value["shares"]))


def learn_scale(predictions: Floats) -> RankScale:
    """Learn the ranks of predictions of shape (n,), by at most a thousand of them."""
    values, counts = np.unique(predictions, return_counts=True)
    shares = (np.cumsum(counts) - counts / 2) / len(predictions)
    points = min(len(values), _MOST_POINTS)
    kept = np.linspace(0, len(values) - 1, points).round().astype(np.int64)
    return RankScale(values=tuple(values[kept].tolist()), shares=tuple(shares[kept].tolist()))
