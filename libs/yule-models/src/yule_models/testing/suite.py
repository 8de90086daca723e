"""What all laws of estimators are tried on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from yule_models.estimators import Estimator
from yule_models.registry import make_estimator
from yule_models.targets import Target
from yule_models.testing.rows import TARGETS, described_rows

__all__ = ["OTHER", "TRAINING", "EstimatorSuite", "bits_of"]

TRAINING = described_rows(400, seed=1)
OTHER = described_rows(300, seed=2)


class EstimatorSuite:
    """A kind under test, on small tables with every type of feature.

    Attributes:
        kind: The kind under test.
        params: Parameters that make a fit of 400 rows quick.
        is_informed: Whether it looks at features at all.
        has_steps: Whether it learns in steps, and so stops early.
        tolerance: Largest difference between a row predicted alone and among others.
    """

    kind: ClassVar[str]
    params: ClassVar[Mapping[str, Any]] = {}
    is_informed: ClassVar[bool] = True
    has_steps: ClassVar[bool] = False
    tolerance: ClassVar[float] = 1e-12

    def make(self, targets: Sequence[Target] = TARGETS, *, seed: int = 1) -> Estimator:
        """Make the estimator under test, not yet fitted."""
        return make_estimator(self.kind, targets=targets, seed=seed, threads=2, params=self.params)

    def fitted(self, targets: Sequence[Target] = TARGETS, *, seed: int = 1) -> Estimator:
        """Make and fit the estimator under test."""
        return self.make(targets, seed=seed).fit(TRAINING.features, TRAINING.labels)


def bits_of(estimator: Estimator) -> bytes:
    """Return the predictions of other rows than those of the training, as bytes."""
    return estimator.predict(OTHER.features).tobytes()
