"""Standardised numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Standardiser"]

Floats = npt.NDArray[np.float64]
_CLIP = 8.0
"""Standard deviations beyond which a value counts as this far away: one outlier decides nothing."""
_ROUNDING = 1e-12


@dataclass(frozen=True, kw_only=True)
class Standardiser:
    """Signed logarithms, with mean 0 and deviation 1; amounts and counts have long tails.

    Attributes:
        means: Mean of each column's signed logarithms.
        scales: Their standard deviation; 1 where they are constant.
    """

    means: Floats
    scales: Floats

    @classmethod
    def learn(cls, numbers: Floats) -> Standardiser:
        """Learn from training rows of shape (n, columns); NaN where missing."""
        squeezed = _squeezed(numbers)
        known = ~np.isnan(squeezed)
        count = np.maximum(known.sum(axis=0), 1)
        means = np.where(known, squeezed, 0.0).sum(axis=0) / count
        variances = (np.where(known, squeezed - means, 0.0) ** 2).sum(axis=0) / count
        scales = np.sqrt(variances)
        # The deviation of equal values is not always 0, for their mean is rounded.
        is_constant = scales <= _ROUNDING * np.abs(means)
        return cls(means=means, scales=np.where(is_constant, 1.0, scales))

    def transform(self, numbers: Floats) -> Floats:
        """Return the standardised numbers, of the same shape; 0 where missing."""
        standard = np.clip((_squeezed(numbers) - self.means) / self.scales, -_CLIP, _CLIP)
        return np.where(np.isnan(standard), 0.0, standard)

    def arrays(self) -> dict[str, Floats]:
        """Return the arrays to store, as `of` takes them."""
        return {"means": self.means, "scales": self.scales}

    @classmethod
    def of(cls, arrays: Mapping[str, Floats]) -> Standardiser:
        """Build from stored arrays."""
        return cls(means=arrays["means"], scales=arrays["scales"])


def _squeezed(numbers: Floats) -> Floats:
    return np.asarray(np.sign(numbers) * np.log1p(np.abs(numbers)))
