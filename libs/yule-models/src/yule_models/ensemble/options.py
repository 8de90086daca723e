"""How an ensemble is formed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from yule_models.ensemble.errors import EnsembleError, EnsembleOptionError
from yule_models.metrics import MetricError, loss_of

if TYPE_CHECKING:
    from yule_models.targets import Target

__all__ = ["CalibrationChoice", "EnsembleOptions", "Method"]

Method = Literal["greedy", "mean", "rank_mean", "stacking"]
CalibrationChoice = Literal["auto", "none", "isotonic", "temperature"]


@dataclass(frozen=True, kw_only=True)
class EnsembleOptions:
    """How the models of one target are combined.

    Attributes:
        method: `greedy` selection with replacement; the plain `mean`; `rank_mean`, the mean of
            ranks, for binary targets; `stacking`, a regularised model of the models' predictions.
        metric: Name of the metric that greedy selection makes best; None for log-loss, or RMSE of
            numbers.
        rounds: How many models greedy selection adds at most, with replacement.
        calibration: Of probabilities; `auto` takes what lowers the log-loss out of fold. A
            `rank_mean`, whose ranks are no probabilities, has `isotonic`.
        interval: Share of outcomes that the interval of a predicted number should hold.
    """

    method: Method = "greedy"
    metric: str | None = None
    rounds: int = 25
    calibration: CalibrationChoice = "auto"
    interval: float = 0.9

    def __post_init__(self) -> None:
        """Check the values.

        Raises:
            EnsembleError: If one of them is impossible.
        """
        for name, choices in (("method", Method), ("calibration", CalibrationChoice)):
            if (value := getattr(self, name)) not in get_args(choices):
                raise EnsembleError(
                    f"An ensemble has no {name} {value!r}; choose one of "
                    f"{', '.join(get_args(choices))}."
                )
        if self.rounds < 1:
            raise EnsembleError(f"An ensemble needs 1 or more rounds, got {self.rounds}.")
        if not 0 < self.interval < 1:
            raise EnsembleError(
                f"The interval of an ensemble lies between 0 and 1, got {self.interval}."
            )

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> EnsembleOptions:
        """Build the options from their JSON form.

        Raises:
            EnsembleError: If a key is unknown, or a value impossible.
        """
        known = [field.name for field in dataclasses.fields(cls)]
        for key in value:
            if key not in known:
                raise EnsembleError(f"An ensemble has no option {key!r}; it has {known}.")
        return cls(**value)

    def check(self, target: Target) -> None:
        """Refuse what does not suit a target.

        Raises:
            EnsembleOptionError: If there is such an option.
        """
        try:
            loss_of(target, self.metric)
        except MetricError as error:
            raise EnsembleOptionError(str(error), option="metric") from error
        if self.method == "rank_mean" and target.kind != "binary":
            raise EnsembleOptionError(
                f"A mean of ranks suits binary targets alone, and {target.name!r} is "
                f"{target.kind}; choose greedy, mean or stacking.",
                option="method",
            )
        if self.method == "rank_mean" and self.calibration not in ("auto", "isotonic"):
            raise EnsembleOptionError(
                "A mean of ranks is no probability, and becomes one by isotonic calibration; got "
                f"the calibration {self.calibration!r} for {target.name!r}.",
                option="calibration",
            )
        if target.kind == "regression" and self.calibration not in ("auto", "none"):
            raise EnsembleOptionError(
                f"Numbers are not calibrated, and {target.name!r} is a regression; give it the "
                f"calibration none, got {self.calibration!r}.",
                option="calibration",
            )
