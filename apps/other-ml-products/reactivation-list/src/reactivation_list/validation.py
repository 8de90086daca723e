"""How the chances held on past times, forward in time, beside the baselines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["METRICS", "ModelFigures", "Validation", "validation_of"]

METRICS = {
    "auc": "AUC",
    "average_precision": "Average precision",
    "log_loss": "Log-loss",
    "lift_at_10pct": "Lift of the best tenth",
}
_NAMES = {"recency": "silence alone (baseline)", "constant": "same for all (baseline)"}


@dataclass(frozen=True, kw_only=True)
class ModelFigures:
    """The metrics of one model.

    Attributes:
        name: The model.
        mean: Over the folds, by metric; None where no fold defines it.
        std: Their standard deviation over the folds; None for fewer than two.
    """

    name: str
    mean: Mapping[str, float | None]
    std: Mapping[str, float | None]


@dataclass(frozen=True, kw_only=True)
class Validation:
    """The model and the baselines, each judged on times later than those it had learned from.

    Attributes:
        models: The model first.
        folds: How many times they were judged.
        wins: In how many of these the model had a greater AUC than the silence alone.
    """

    models: tuple[ModelFigures, ...]
    folds: int
    wins: int

    @property
    def is_better(self) -> bool:
        """Whether the model ranked better than the silence alone whenever it was judged."""
        return self.wins == self.folds

    @property
    def verdict(self) -> str:
        """What to make of it, in words."""
        held = f"The model ranked better than the silence alone in {self.wins} of {self.folds}"
        if self.is_better:
            return f"{held} periods."
        return (
            f"{held} periods: do not count on its chances. "
            "The fall against a customer's own history needs no model; see `rank_by_fall`."
        )


def validation_of(metrics: Mapping[str, Any], *, kind: str) -> Validation:
    """The figures of a fitted ensemble.

    Args:
        metrics: Of the one target, from the ensemble's metrics.json: `models`, by name.
        kind: What kind of model is judged.
    """
    models = metrics["models"]
    names = {"model": kind, **_NAMES}
    judged = [
        (fold["auc"] or 0.5, baseline["auc"] or 0.5)
        for fold, baseline in zip(models["model"]["folds"], models["recency"]["folds"], strict=True)
    ]
    return Validation(
        models=tuple(
            ModelFigures(
                name=shown,
                mean={metric: models[name]["mean"][metric] for metric in METRICS},
                std={metric: models[name]["std"][metric] for metric in METRICS},
            )
            for name, shown in names.items()
        ),
        folds=len(judged),
        wins=sum(ours > theirs for ours, theirs in judged),
    )
