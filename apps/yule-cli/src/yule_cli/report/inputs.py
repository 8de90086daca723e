"""What a report is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from yule_cli.summary import RunSummary

__all__ = ["ReportInputs"]


@dataclass(frozen=True, kw_only=True)
class ReportInputs:
    """All that a report shows.

    Attributes:
        summary: The run.
        metrics: The ensemble's `metrics.json`, for its `curves`: by target what is drawn of it.
        importances: `models` by name, and `ensemble`: share of each feature.
        scores: Predictions of the whole population, of shape (rows, outputs), by target.
        resolved: The resolved case.
        command: The line for the shell that repeats the run.
    """

    summary: RunSummary
    metrics: Mapping[str, Any]
    importances: Mapping[str, Any]
    scores: Mapping[str, npt.NDArray[np.float64]]
    resolved: Mapping[str, Any] = field(default_factory=dict)
    command: str = "yule run case.yaml"
