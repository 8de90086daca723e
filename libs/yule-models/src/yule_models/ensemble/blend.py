"""Models of one target, combined: what is stored, and what scores everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from yule_models.ensemble.calibration import Calibration
from yule_models.ensemble.intervals import ResidualInterval
from yule_models.ensemble.probabilities import log_probabilities, own_outputs
from yule_models.ensemble.ranks import RankScale
from yule_models.estimators.outputs import softmax

__all__ = ["Blend", "Space"]

Floats = npt.NDArray[np.float64]
Space = Literal["outputs", "logarithms", "ranks"]


@dataclass(frozen=True, kw_only=True)
class Blend:
    """A weighted sum of predictions, calibrated.

    Models are added up one by one, so that no more than one model's predictions need be in memory.

    Attributes:
        space: What is summed: predictions, logarithms of probabilities, or ranks among the
            out-of-fold predictions.
        outputs: Number of predicted columns.
        weights: Of each model that is used, above 0.
        bias: What is added to the sum: nothing, one number, or one for each class.
        scales: Of ranks, for each model its out-of-fold predictions.
        calibration: What makes probabilities of the sum.
        interval: Of a regression, how far outcomes lie from predictions.
    """

    space: Space
    outputs: int
    weights: Mapping[str, float]
    bias: tuple[float, ...] = ()
    scales: Mapping[str, RankScale] = field(default_factory=dict)
    calibration: Calibration = field(default_factory=Calibration)
    interval: ResidualInterval | None = None

    @cached_property
    def shares(self) -> dict[str, float]:
        """The weights, scaled so that they sum to 1."""
        total = sum(self.weights.values())
        return {name: weight / total for name, weight in self.weights.items()}

    def part(self, model: str, predictions: Floats) -> Floats:
        """Return what one model adds to the sum.

        Args:
            model: A model with a weight.
            predictions: Its predictions, of shape (n, outputs).
        """
        weight = self.weights[model]
        match self.space:
            case "outputs":
                return weight * predictions
            case "logarithms":
                return weight * log_probabilities(predictions)
            case "ranks":
                return weight * self.scales[model].apply(predictions)

    def finish(self, total: Floats) -> Floats:
        """Return predictions, of shape (n, outputs), from the sum of all parts.

        Where outcomes are known to have a least value, no prediction is below it.
        """
        if self.bias:
            total = total + np.array(self.bias)
        if self.space == "logarithms":
            total = own_outputs(softmax(total), outputs=self.outputs)
        found = self.calibration.apply(total)
        return found if self.interval is None else self.interval.bounded(found)

    def apply(self, predictions: Mapping[str, Floats]) -> Floats:
        """Return the blend of the models' predictions, each of shape (n, outputs)."""
        first, *others = sorted(self.weights)
        total = self.part(first, predictions[first])
        for name in others:
            total = total + self.part(name, predictions[name])
        return self.finish(total)

    def to_json(self) -> dict[str, Any]:
        """Return the blend as JSON, as `of` takes it."""
        return {
            "space": self.space,
            "outputs": self.outputs,
            "weights": dict(self.weights),
            "bias": list(self.bias),
            "scales": {name: scale.to_json() for name, scale in self.scales.items()},
            "calibration": self.calibration.to_json(),
            "interval": None if self.interval is None else self.interval.to_json(),
        }

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Blend:
        """Build a blend from its JSON form."""
        interval = value["interval"]
        return cls(
            space=value["space"],
            outputs=value["outputs"],
            weights=value["weights"],
            bias=tuple(value["bias"]),
            scales={name: RankScale.of(scale) for name, scale in value["scales"].items()},
            calibration=Calibration.of(value["calibration"]),
            interval=None if interval is None else ResidualInterval.of(interval),
        )
