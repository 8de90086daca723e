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
_LARGEST = 1e300
"""Edges lie within this, so that their differences are finite."""


@dataclass(frozen=True, kw_only=True)
class PiecewiseLinear:
    """Each number becomes how far it fills each of its column's bins, and whether it is missing.

    Attributes:
        edges: Of shape (columns, bins + 1), ascending quantiles of the training values; where
            quantiles coincide, bins are empty and say nothing.
    """

    edges: Floats

    @classmethod
    def learn(cls, numbers: Floats, *, bins: int) -> PiecewiseLinear:
        """Learn the quantiles of each column; a column without values gets bins from 0 to 1.

        Args:
            numbers: Of shape (n, columns); NaN where missing.
            bins: Number of bins.
        """
        quantiles = np.linspace(0, 1, bins + 1)
        edges = np.tile(quantiles, (numbers.shape[1], 1))
        for column, values in enumerate(numbers.T):
            known = np.clip(values[~np.isnan(values)], -_LARGEST, _LARGEST)
            if len(known):
                edges[column] = np.quantile(known, quantiles)
        return cls(edges=edges)

    @property
    def width(self) -> int:
        """Numbers that encode one number."""
        return int(self.edges.shape[1])

    def transform(self, numbers: Floats) -> npt.NDArray[np.float32]:
        """Return the encoding, of shape (n, columns, bins + 1); a missing number fills no bin."""
        low, high = self.edges[:, :-1], self.edges[:, 1:]
        widths = high - low
        is_empty = widths <= 0
        with np.errstate(invalid="ignore", over="ignore"):
            filled = (numbers[:, :, None] - low) / np.where(is_empty, 1.0, widths)
            # An empty bin is filled by everything beyond it.
            filled = np.where(is_empty, numbers[:, :, None] > low, np.clip(filled, 0, 1))
        missing = np.isnan(numbers)[:, :, None]
        filled = np.where(missing, 0.0, filled)
        return np.concatenate([filled, missing], axis=2).astype(np.float32)

    def arrays(self) -> dict[str, Floats]:
        """Return the arrays to store, as `of` takes them."""
        return {"edges": self.edges}

    @classmethod
    def of(cls, arrays: Mapping[str, Floats]) -> PiecewiseLinear:
        """Build from stored arrays."""
        return cls(edges=arrays["edges"])
