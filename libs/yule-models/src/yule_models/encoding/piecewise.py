"""Piecewise-linear encoding of numbers.

Gorishniy, Rubachev, Babenko (2022), "On Embeddings for Numerical Features in Tabular Deep
Learning", section 3.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["PiecewiseLinear"]

Floats = npt.NDArray[np.float64]
_CAPPINGS = 8
"""How often the cap is renewed for what capping has left."""
_LARGEST = 1e300
"""Edges lie within this, so that their differences are finite."""


@dataclass(frozen=True, kw_only=True)
class PiecewiseLinear:
    """Each number becomes its position among its column's bins: how many of them it fills.

    The encoding itself, how far each bin is filled, follows from the position (`fillings`), and
    takes as much memory as there are bins: networks compute it batch by batch.

    Attributes:
        edges: Of shape (columns, bins + 1), ascending. Bins between equal edges are empty and say
            nothing.
    """

    edges: Floats

    @classmethod
    def learn(cls, numbers: Floats, *, bins: int) -> PiecewiseLinear:
        """Learn the bins of each column; a column without values gets bins from 0 to 1.

        A column of few values has an edge at each, so that nothing about them is lost. Otherwise
        edges are quantiles, for which a value counts as one bin at most however frequent it is: a
        column of zeros with a few amounts spends its bins on the amounts.

        Args:
            numbers: Of shape (n, columns); NaN where missing.
            bins: Number of bins.
        """
        edges = np.tile(np.linspace(0, 1, bins + 1), (numbers.shape[1], 1))
        for column, values in enumerate(numbers.T):
            known = np.clip(values[~np.isnan(values)], -_LARGEST, _LARGEST)
            if len(known):
                edges[column] = _edges(*np.unique(known, return_counts=True), bins=bins)
        return cls(edges=edges)

    @property
    def bins(self) -> int:
        """Number of bins of a column."""
        return int(self.edges.shape[1]) - 1

    def positions(self, numbers: Floats) -> npt.NDArray[np.float32]:
        """Return the position of each number, from 0 to `bins`, of the same shape; NaN if missing.

        Args:
            numbers: Of shape (n, columns); NaN where missing.
        """
        positions = np.empty(numbers.shape, dtype=np.float32)
        for column, (values, edges) in enumerate(zip(numbers.T, self.edges, strict=True)):
            # The bin that holds the number; a bin of no width holds none.
            held = np.searchsorted(edges, values, side="left") - 1
            inside = np.clip(held, 0, self.bins - 1)
            width = edges[inside + 1] - edges[inside]
            share = (np.clip(values, edges[0], edges[-1]) - edges[inside]) / np.where(
                width > 0, width, 1.0
            )
            found = np.where(held < 0, 0.0, np.where(held >= self.bins, self.bins, inside + share))
            positions[:, column] = np.where(np.isnan(values), np.nan, found)
        return positions

    def fillings(self, numbers: Floats) -> Floats:
        """Return how far each bin is filled, from 0 to 1, of shape (n, columns * bins).

        A missing number fills none, and nothing fills an empty bin.

        Args:
            numbers: Of shape (n, columns); NaN where missing.
        """
        reached = np.nan_to_num(self.positions(numbers).astype(np.float64))
        filled = np.clip(reached[:, :, None] - np.arange(self.bins), 0.0, 1.0)
        filled *= np.diff(self.edges) > 0
        return filled.reshape(len(numbers), -1)

    def arrays(self) -> dict[str, Floats]:
        """Return the arrays to store, as `of` takes them."""
        return {"edges": self.edges}

    @classmethod
    def of(cls, arrays: Mapping[str, Floats]) -> PiecewiseLinear:
        """Build from stored arrays."""
        return cls(edges=arrays["edges"])


def _edges(levels: Floats, counts: npt.NDArray[np.int64], *, bins: int) -> Floats:
    """Return the edges of a column by its different values, ascending, and how often they occur."""
    if len(levels) <= bins + 1:
        return np.pad(levels, (0, bins + 1 - len(levels)), mode="edge")
    masses = counts.astype(np.float64)
    for _ in range(_CAPPINGS):
        masses = np.minimum(masses, masses.sum() / bins)
    reached = np.cumsum(masses)
    wanted = np.linspace(0, reached[-1], bins + 1)
    # Sums in two orders: the last level is the last edge whatever their last bits.
    found = np.minimum(np.searchsorted(reached, wanted), len(levels) - 1)
    found[-1] = len(levels) - 1
    return levels[found]
