"""What LightGBM calls the loss of each kind of target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from yule_models.estimators.fold_data import Floats
from yule_models.targets import Target

__all__ = ["LOSSES", "Loss", "answers_of", "objective_settings"]


@dataclass(frozen=True, kw_only=True)
class Loss:
    """A loss by its names.

    Attributes:
        objective: LightGBM's name of what is made small.
        metric: LightGBM's name of what stops early.
        told: Its name in learning curves.
    """

    objective: str
    metric: str
    told: str


LOSSES = {
    "binary": Loss(objective="binary", metric="binary_logloss", told="log_loss"),
    "multiclass": Loss(objective="multiclass", metric="multi_logloss", told="log_loss"),
    "regression": Loss(objective="regression", metric="l2", told="squared_error"),
}


def objective_settings(target: Target) -> dict[str, Any]:
    """Return LightGBM's parameters that say what is learned."""
    loss = LOSSES[target.kind]
    settings: dict[str, Any] = {"objective": loss.objective, "metric": loss.metric}
    if target.kind == "multiclass":
        settings["num_class"] = target.outputs
    return settings


def answers_of(target: Target, labels: Floats) -> Floats:
    """Return what a prediction should have been, of shape (n, outputs)."""
    if target.kind == "multiclass":
        return np.eye(target.outputs)[labels.astype(np.int64)]
    return labels[:, None]
