"""The neural estimator: encoding, network, training, storage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd
import torch

from yule_models.encoding.piecewise import PiecewiseLinear
from yule_models.encoding.standard import Standardiser
from yule_models.estimators.base import CurvePoint, Estimator, Floats, FoldData
from yule_models.estimators.neural.losses import predictions_of
from yule_models.estimators.neural.network import TabularMlp
from yule_models.estimators.neural.threads import isolated
from yule_models.estimators.neural.training import Rows, Schedule, train

__all__ = ["NeuralEstimator"]

_BATCH_ROWS = 4096
_NETWORK = "network."


class NeuralEstimator(Estimator):
    """A multi-layer perceptron over embeddings (see `TabularMlp`), all targets learned together.

    A number is encoded piecewise linearly beside its standardised self, a category is embedded, and
    a missing value is told by an indicator or a category of its own. Regression targets are
    standardised.

    Attributes:
        encoding_: The piecewise-linear encoding of numbers.
        standardiser_: What standardises numbers.
        scaling_: Mean and scale of each target's labels, of shape (2, targets).
        network_: The network, ready to predict.
    """

    KIND: ClassVar[str] = "neural"

    def _fit(
        self, data: FoldData, inner: FoldData | None, on_step: Callable[[CurvePoint], None]
    ) -> None:
        numbers = self._fitted_columns().numbers(data.features)
        self.encoding_ = PiecewiseLinear.learn(numbers, bins=int(self.params["bins"]))
        self.standardiser_ = Standardiser.learn(numbers)
        self.scaling_ = self._learn_scaling(data)
        schedule = Schedule(
            epochs=int(self.params["epochs"]),
            patience=int(self.params["patience"]),
            batch_rows=int(self.params["batch_rows"]),
            learning_rate=float(self.params["learning_rate"]),
            weight_decay=float(self.params["weight_decay"]),
        )
        with isolated(threads=self.threads, seed=self.seed):
            self.network_ = self._network()
            inner_rows = None if inner is None else self._rows(inner)
            self.best_step_ = train(
                self.network_,
                self._rows(data),
                inner_rows,
                targets=self.targets,
                schedule=schedule,
                on_step=on_step,
            )

    @torch.no_grad()
    def _predict(self, features: pd.DataFrame) -> Floats:
        outputs = []
        with isolated(threads=self.threads, seed=self.seed):
            for start in range(0, len(features), _BATCH_ROWS):
                batch = features.iloc[start : start + _BATCH_ROWS]
                scores = self.network_(*self._tensors(batch))
                outputs.append(predictions_of(scores.double(), self.targets).numpy())
        return self._unscaled(np.concatenate(outputs))

    def _save(self, folder: Path) -> None:
        from safetensors.numpy import save_file

        state = {f"{_NETWORK}{k}": v.numpy() for k, v in self.network_.state_dict().items()}
        arrays = {"scaling": self.scaling_, **self.encoding_.arrays()}
        arrays |= self.standardiser_.arrays() | state
        save_file(arrays, folder / "neural.safetensors")

    def _load(self, folder: Path) -> None:
        from safetensors.numpy import load_file

        arrays = load_file(folder / "neural.safetensors")
        self.encoding_ = PiecewiseLinear.of(arrays)
        self.standardiser_ = Standardiser.of(arrays)
        self.scaling_ = arrays["scaling"]
        with isolated(threads=self.threads, seed=self.seed):
            self.network_ = self._network()
        state = {
            name.removeprefix(_NETWORK): torch.from_numpy(value)
            for name, value in arrays.items()
            if name.startswith(_NETWORK)
        }
        self.network_.load_state_dict(state)
        self.network_.eval()

    def _network(self) -> TabularMlp:
        columns = self._fitted_columns()
        return TabularMlp(
            numeric=len(columns.numeric),
            numeric_width=self.encoding_.width + 1,
            sizes=[vocabulary.size for vocabulary in columns.vocabularies.values()],
            outputs=sum(target.outputs for target in self.targets),
            embedding=int(self.params["embedding"]),
            width=int(self.params["width"]),
            depth=int(self.params["depth"]),
            dropout=float(self.params["dropout"]),
        )

    def _tensors(self, features: pd.DataFrame) -> tuple[torch.Tensor, torch.Tensor]:
        columns = self._fitted_columns()
        numbers = columns.numbers(features)
        standard = self.standardiser_.transform(numbers).astype(np.float32)
        encoded = np.concatenate([self.encoding_.transform(numbers), standard[:, :, None]], axis=2)
        return torch.from_numpy(encoded), torch.from_numpy(columns.codes(features)).long()

    def _rows(self, data: FoldData) -> Rows:
        numbers, codes = self._tensors(data.features)
        labels = (data.labels - self.scaling_[0]) / self.scaling_[1]
        return Rows(
            numbers=numbers,
            codes=codes,
            labels=torch.from_numpy(labels.astype(np.float32)),
            weights=torch.from_numpy(data.weights.astype(np.float32)),
        )

    def _learn_scaling(self, data: FoldData) -> Floats:
        scaling = np.vstack([np.zeros(len(self.targets)), np.ones(len(self.targets))])
        for position, target in enumerate(self.targets):
            if target.kind == "regression":
                labels = data.labels[:, position]
                scaling[:, position] = np.nanmean(labels), np.nanstd(labels) or 1.0
        return scaling

    def _unscaled(self, outputs: Floats) -> Floats:
        start = 0
        for position, target in enumerate(self.targets):
            if target.kind == "regression":
                mean, scale = self.scaling_[:, position]
                outputs[:, start] = outputs[:, start] * scale + mean
            start += target.outputs
        return outputs
