"""How an ensemble is chosen."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yule_models.ensemble.errors import EnsembleError

__all__ = ["EnsembleOptions"]


@dataclass(frozen=True, kw_only=True)
class EnsembleOptions:
    """Options of greedy selection.

    Attributes:
        metric: Name of the metric that is made best; None for log-loss, or RMSE of numbers.
        rounds: How many models are added at most, with replacement.
    """

    metric: str | None = None
    rounds: int = 25

    def __post_init__(self) -> None:
        """Check the values.

        Raises:
            EnsembleError: If one of them is impossible.
        """
        if self.rounds < 1:
            raise EnsembleError(f"An ensemble needs 1 or more rounds, got {self.rounds}.")

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
