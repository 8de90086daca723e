"""Intervals around predicted numbers, from the errors of out-of-fold predictions.

Conformal prediction within bins of the prediction: Boström and Johansson: Mondrian conformal
regressors, COPA 2020. Lower and upper errors have quantiles of their own, since amounts are skewed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["ResidualInterval", "fit_interval"]

Floats = npt.NDArray[np.float64]
_ROWS_OF_A_BIN, _MOST_BINS = 200, 10


@dataclass(frozen=True, kw_only=True)
class ResidualInterval:
    """How far outcomes lie below and above predictions, by the size of the prediction.

    Attributes:
        level: Share of outcomes that an interval should hold.
        edges: The last prediction of each bin but the last, ascending.
        below: For each bin, what is added to a prediction for the lower end.
        above: For each bin, what is added for the upper end.
        floor: The least possible outcome; None: none is known.
    """

    level: float
    edges: tuple[float, ...]
    below: tuple[float, ...]
    above: tuple[float, ...]
    floor: float | None

    def apply(self, predictions: Floats) -> Floats:
        """Return lower and upper ends, of shape (n, 2), around predictions of shape (n,)."""
        bins = np.searchsorted(np.array(self.edges), predictions, side="left")
        ends = predictions[:, None] + np.column_stack(
            [np.array(self.below)[bins], np.array(self.above)[bins]]
        )
        return ends if self.floor is None else np.asarray(np.maximum(ends, self.floor))

    def to_json(self) -> dict[str, Any]:
        """Return the interval as JSON, as `of` takes it."""
        return {
            "level": self.level,
            "edges": list(self.edges),
            "below": list(self.below),
            "above": list(self.above),
            "floor": self.floor,
        }

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> ResidualInterval:
        """Build an interval from its JSON form."""
        parts = {name: tuple(value[name]) for name in ("edges", "below", "above")}
        return cls(level=value["level"], floor=value["floor"], **parts)


def fit_interval(labels: Floats, predictions: Floats, *, level: float) -> ResidualInterval:
    """Learn intervals from out-of-fold predictions.

    Where no label is negative, no interval reaches below 0.

    Args:
        labels: True values, of shape (n,), n at least 1.
        predictions: Of shape (n,).
        level: Share of outcomes to hold.
    """
    count = min(max(len(labels) // _ROWS_OF_A_BIN, 1), _MOST_BINS)
    shares = np.arange(1, count) / count
    edges = np.unique(np.quantile(predictions, shares, method="lower"))
    edges = edges[edges < predictions.max()]
    bins = np.searchsorted(edges, predictions, side="left")
    residuals = labels - predictions
    ends = [_ends(residuals[bins == number], level) for number in range(len(edges) + 1)]
    return ResidualInterval(
        level=level,
        edges=tuple(edges.tolist()),
        below=tuple(below for below, _ in ends),
        above=tuple(above for _, above in ends),
        floor=0.0 if labels.min() >= 0 else None,
    )


def _ends(residuals: Floats, level: float) -> tuple[float, float]:
    """The residuals between which another one lies with this probability, if it is drawn alike."""
    ordered = np.sort(residuals)
    # Of n + 1 exchangeable residuals each is equally likely to be the new one.
    outside = math.floor((len(ordered) + 1) * (1 - level) / 2)
    place = max(outside - 1, 0)
    return float(ordered[place]), float(ordered[-1 - place])
