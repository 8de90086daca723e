"""What a report is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from gokart_store import ShardedDataset

from yule_cli.summary import RunSummary

__all__ = ["ReportInputs", "population_scores"]


@dataclass(frozen=True, kw_only=True)
class ReportInputs:
    """All that a report shows.

    Attributes:
        summary: The run.
        metrics: The ensemble's `metrics.json`, for its `curves`: by target what is drawn of it.
        importances: `models` by name, and `ensemble`: share of each feature.
        scores: By target what `population_scores` returns.
        resolved: The resolved case.
        command: The line for the shell that repeats the run.
    """

    summary: RunSummary
    metrics: Mapping[str, Any]
    importances: Mapping[str, Any]
    scores: Mapping[str, npt.NDArray[np.float64]]
    resolved: Mapping[str, Any] = field(default_factory=dict)
    command: str = "yule run case.yaml"


def population_scores(
    predictions: ShardedDataset, outputs: Mapping[str, Sequence[str]]
) -> dict[str, npt.NDArray[np.float64]]:
    """Return the predictions of the whole population as far as a report shows them.

    A column is read at a time, and nothing else of the table: eight bytes for each row and target.

    Args:
        predictions: The prediction table.
        outputs: Its columns by target.

    Returns:
        By target all predictions, of shape (rows, 1); of several classes the mean probability of
        each, of shape (1, classes).
    """

    def column(name: str) -> npt.NDArray[np.float64]:
        return np.asarray(predictions.table([name])[name], dtype=np.float64)

    return {
        target: column(names[0])[:, None]
        if len(names) == 1
        else np.array([[column(name).mean() if predictions.num_rows else 0.0 for name in names]])
        for target, names in outputs.items()
    }
