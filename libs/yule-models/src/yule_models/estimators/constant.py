"""The baseline that looks at no feature."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd
from gokart_store import canonical_json

from yule_models.estimators.base import Estimator
from yule_models.estimators.fold_data import Floats
from yule_models.estimators.inputs import FitInputs
from yule_models.estimators.stored import check_shape, reading
from yule_models.targets import Target

__all__ = ["ConstantEstimator"]


class ConstantEstimator(Estimator):
    """Predicts the weighted base rate of each class, or the weighted mean.

    Attributes:
        outputs_: The prediction, of shape (outputs,).
    """

    KIND: ClassVar[str] = "constant"

    def _fit(self, inputs: FitInputs) -> None:
        data = inputs.training
        columns = zip(self.targets, data.labels.T, strict=True)
        self.outputs_ = np.concatenate(
            [_base_rates(target, labels, data.weights) for target, labels in columns]
        )

    def _predict(self, features: pd.DataFrame) -> Floats:
        return np.tile(self.outputs_, (len(features), 1))

    def _contributions(
        self, features: pd.DataFrame, baseline: pd.DataFrame, players: Sequence[str]
    ) -> Floats:
        del baseline, players
        names = self._fitted_columns().names
        return np.zeros((len(features), len(names), len(self.outputs_)))

    def _save(self, folder: Path) -> None:
        text = canonical_json(self.outputs_.tolist())
        (folder / "outputs.json").write_text(text + "\n", encoding="utf-8")

    def _load(self, folder: Path) -> None:
        with reading(folder / "outputs.json") as path:
            self.outputs_ = np.array(json.loads(path.read_text()), dtype=np.float64)
            outputs = sum(target.outputs for target in self.targets)
            check_shape("The outputs", self.outputs_.shape, (outputs,))


def _base_rates(target: Target, labels: Floats, weights: Floats) -> Floats:
    known = ~np.isnan(labels)
    labels, weights = labels[known], weights[known]
    if target.kind == "multiclass":
        totals = np.bincount(labels.astype(np.int64), weights, minlength=target.outputs)
        return np.asarray(totals / weights.sum())
    return np.array([np.average(labels, weights=weights)])
