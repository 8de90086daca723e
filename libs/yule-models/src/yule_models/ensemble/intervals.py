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

__all__ = ["ResidualInterval", "fit_interval", "least_rows"]

Floats = npt.NDArray[np.float64]
_ROWS_OF_A_BIN, _MOST_BINS = 200, 10


@dataclass(frozen=True, kw_only=True)
class ResidualInterval:
    """How far outcomes lie below and above predictions, by the size of the prediction.

    Attributes:
        level: Share of outcomes that an interval should hold.
        edges: The last prediction of each bin but the last, ascending.
        below: For each bin, what is added to a prediction for the lower end: at most 0.
        above: For each bin, what is added for the upper end: at least 0.
        floor: The least possible outcome; None: none is known.
    """

    level: float
    edges: tuple[float, ...]
    below: tuple[float, ...]
    above: tuple[float, ...]
    floor: float | None

    def bounded(self, predictions: Floats) -> Floats:
        """Return predictions of any shape, none below the least possible outcome."""
        return predictions if self.floor is None else np.maximum(predictions, self.floor)

    def apply(self, predictions: Floats) -> Floats:
        """Return lower and upper ends, of shape (n, 2).

        Args:
            predictions: As `bounded` returns them, of shape (n,).
        """
        bins = np.searchsorted(np.array(self.edges), predictions, side="left")
        ends = predictions[:, None] + np.column_stack(
            [np.array(self.below)[bins], np.array(self.above)[bins]]
        )
        return self.bounded(ends)

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


def least_rows(level: float) -> int:
    """Return how many errors an interval must be learned from to hold this share of outcomes."""
    # Between the least and the largest of n errors lie (n - 1) / (n + 1) of others.
    return max(math.ceil(round(2 / (1 - level), 9)) - 1, 1)


def fit_interval(
    labels: Floats, predictions: Floats, weights: Floats | None = None, *, level: float
) -> ResidualInterval:
    """Learn intervals from out-of-fold predictions.

    An interval holds its prediction, and more outcomes than the level asks for where predictions
    of its size are nearly all too low, or too high. Where no label is negative, no interval reaches
    below 0, and no prediction lies there. Bins hold enough rows for the level, unless all rows
    together are fewer (see `least_rows`).

    Args:
        labels: True values, of shape (n,), n at least 1.
        predictions: Of shape (n,).
        weights: Of the rows, of shape (n,), for the quantiles of a bin; None: all count alike.
        level: Share of outcomes to hold.
    """
    floor = 0.0 if labels.min() >= 0 else None
    predictions = predictions if floor is None else np.maximum(predictions, floor)
    count = min(max(len(labels) // _ROWS_OF_A_BIN, 1), _MOST_BINS)
    shares = np.arange(1, count) / count
    edges = np.unique(np.quantile(predictions, shares, method="lower"))
    edges = _apart(edges[edges < predictions.max()], predictions, least=least_rows(level))
    bins = np.searchsorted(edges, predictions, side="left")
    residuals = labels - predictions
    ends = [
        _ends(residuals[own], None if weights is None else weights[own], level)
        for number in range(len(edges) + 1)
        for own in [bins == number]
    ]
    return ResidualInterval(
        level=level,
        edges=tuple(edges.tolist()),
        below=tuple(min(below, 0.0) for below, _ in ends),
        above=tuple(max(above, 0.0) for _, above in ends),
        floor=floor,
    )


def _apart(edges: Floats, predictions: Floats, *, least: int) -> Floats:
    """Return those edges that leave so many rows in each bin."""
    below = np.searchsorted(np.sort(predictions), edges, side="right")
    kept: list[int] = []
    for number, rows in enumerate(below.tolist()):
        before = below[kept[-1]] if kept else 0
        if rows - before >= least and len(predictions) - rows >= least:
            kept.append(number)
    return edges[kept]


def _ends(residuals: Floats, weights: Floats | None, level: float) -> tuple[float, float]:
    """The residuals between which another one lies with this probability, if it is drawn alike."""
    if weights is not None:
        return _weighted_ends(residuals, weights, level)
    ordered = np.sort(residuals)
    # Of n + 1 exchangeable residuals each is equally likely to be the new one.
    outside = math.floor(round((len(ordered) + 1) * (1 - level) / 2, 9))
    place = max(outside - 1, 0)
    return float(ordered[place]), float(ordered[-1 - place])


def _weighted_ends(residuals: Floats, weights: Floats, level: float) -> tuple[float, float]:
    """Likewise, where a new residual is drawn with the weights, of which its own is the mean.

    Tibshirani, Barber, Candès and Ramdas: Conformal prediction under covariate shift, NeurIPS 2019.
    """
    order = np.argsort(residuals, kind="stable")
    ordered, shares = residuals[order], weights[order] / (weights.sum() + weights.mean())
    # What lies outside holds the share of the new residual itself, on either side.
    outside = max((1 - level) / 2 - weights.mean() / (weights.sum() + weights.mean()), 0.0)
    below = np.searchsorted(np.cumsum(shares), outside, side="right")
    above = np.searchsorted(np.cumsum(shares[::-1]), outside, side="right")
    last = len(ordered) - 1
    return float(ordered[min(below, last)]), float(ordered[last - min(above, last)])
