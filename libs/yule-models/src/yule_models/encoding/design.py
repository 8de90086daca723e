"""The design matrix of linear models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from yule_models.encoding.columns import FeatureColumns

__all__ = ["DesignMatrix"]

Floats = npt.NDArray[np.float64]
_CLIP = 8.0
"""Standard deviations beyond which a value counts as this far away: one outlier decides nothing."""


@dataclass(frozen=True, kw_only=True)
class DesignMatrix:
    """Standardised numbers, indicators of missing values, one-hot categories.

    Attributes:
        means: Mean of each numeric column, after `_squeezed`.
        scales: Its standard deviation; 1 where it is constant.
    """

    means: Floats
    scales: Floats

    @classmethod
    def learn(cls, columns: FeatureColumns, features: pd.DataFrame) -> DesignMatrix:
        """Learn means and scales from the training rows."""
        numbers = _squeezed(columns.numbers(features))
        known = ~np.isnan(numbers)
        count = np.maximum(known.sum(axis=0), 1)
        filled = np.where(known, numbers, 0.0)
        means = filled.sum(axis=0) / count
        variances = (np.where(known, numbers - means, 0.0) ** 2).sum(axis=0) / count
        scales = np.sqrt(variances)
        return cls(means=means, scales=np.where(scales > 0, scales, 1.0))

    def transform(self, columns: FeatureColumns, features: pd.DataFrame) -> Floats:
        """Return the matrix (n, columns): numbers, indicators, then one-hot codes."""
        numbers = _squeezed(columns.numbers(features))
        missing = np.isnan(numbers)
        standard = np.clip((numbers - self.means) / self.scales, -_CLIP, _CLIP)
        blocks = [np.where(missing, 0.0, standard), missing.astype(np.float64)]
        codes = columns.codes(features)
        for position, vocabulary in enumerate(columns.vocabularies.values()):
            blocks.append(np.eye(vocabulary.size)[codes[:, position]])
        return np.hstack(blocks)

    def by_feature(self, columns: FeatureColumns, values: Floats) -> dict[str, float]:
        """Add up values of the matrix's columns by the feature that they come from."""
        count = len(columns.numeric)
        sums = dict(zip(columns.numeric, values[:count] + values[count : 2 * count], strict=True))
        start = 2 * count
        for name, vocabulary in columns.vocabularies.items():
            sums[name] = values[start : start + vocabulary.size].sum()
            start += vocabulary.size
        return {name: float(sums[name]) for name in columns.names}

    def arrays(self) -> dict[str, Floats]:
        """Return the arrays to store, as `of` takes them."""
        return {"means": self.means, "scales": self.scales}

    @classmethod
    def of(cls, arrays: Mapping[str, Floats]) -> DesignMatrix:
        """Build from stored arrays."""
        return cls(means=arrays["means"], scales=arrays["scales"])


def _squeezed(numbers: Floats) -> Floats:
    """Take the signed logarithm: amounts and counts have long tails."""
    return np.asarray(np.sign(numbers) * np.log1p(np.abs(numbers)))
