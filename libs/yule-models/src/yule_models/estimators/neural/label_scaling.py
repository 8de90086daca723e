"""Labels as networks learn them: numbers standardised, classes as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from yule_models.estimators.fold_data import Floats
from yule_models.targets import Target

__all__ = ["LabelScaling"]


@dataclass(frozen=True, kw_only=True)
class LabelScaling:
    """The mean and the scale of each target's labels; 0 and 1 of those that are no numbers.

    Attributes:
        means: Of shape (targets,).
        scales: Of shape (targets,).
    """

    means: Floats
    scales: Floats

    @classmethod
    def learn(cls, labels: Floats, targets: Sequence[Target]) -> Self:
        """Learn from encoded labels, of shape (n, targets); missing ones are NaN."""
        means, scales = np.zeros(len(targets)), np.ones(len(targets))
        for position, target in enumerate(targets):
            column = labels[:, position]
            known = column[~np.isnan(column)]
            if target.kind == "regression" and len(known):
                means[position], scales[position] = known.mean(), known.std() or 1.0
        return cls(means=means, scales=scales)

    def transform(self, labels: Floats) -> Floats:
        """Return labels as they are learned, of the same shape."""
        scaled: Floats = (labels - self.means) / self.scales
        return scaled

    def restore(self, outputs: Floats, targets: Sequence[Target]) -> Floats:
        """Return predictions in the units of the labels, of shape (n, outputs)."""
        counts = [target.outputs for target in targets]
        restored: Floats = outputs * np.repeat(self.scales, counts) + np.repeat(self.means, counts)
        return restored

    def array(self) -> Floats:
        """Return the array to store, of shape (2, targets), as `of` takes it."""
        return np.vstack([self.means, self.scales])

    @classmethod
    def of(cls, array: Floats) -> Self:
        """Build from a stored array."""
        return cls(means=array[0], scales=array[1])
