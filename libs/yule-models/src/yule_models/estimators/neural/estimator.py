"""What all networks share: encoding, training, storage."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from gokart_store import digest

from yule_models.encoding.piecewise import PiecewiseLinear
from yule_models.encoding.standard import Standardiser
from yule_models.estimators.base import Estimator
from yule_models.estimators.fold_data import Floats, FoldData
from yule_models.estimators.inputs import FitInputs
from yule_models.estimators.neural.checkpoint import (
    CHECKPOINT_FILE,
    PRETRAINING_FILE,
    Checkpoint,
)
from yule_models.estimators.neural.embedding import FeatureEmbedding
from yule_models.estimators.neural.hardware import Hardware, isolated
from yule_models.estimators.neural.label_scaling import LabelScaling
from yule_models.estimators.neural.losses import combined, predictions_of
from yule_models.estimators.neural.network import LayeredNetwork
from yule_models.estimators.neural.objective import TargetObjective
from yule_models.estimators.neural.pretraining import pretrain
from yule_models.estimators.neural.rows import Rows
from yule_models.estimators.neural.training import Schedule, Trainer
from yule_models.estimators.neural.transfer import (
    Start,
    Trunk,
    adopt,
    architecture_of,
    unfreezing,
)
from yule_models.estimators.stored import check_shape, reading

__all__ = ["NetworkEstimator"]

_BATCH_ROWS = 2048
_NETWORK = "network."


class NetworkEstimator(Estimator):
    """A network over the embeddings of all features, which learns all targets together.

    A number is encoded by its place among quantiles of the training rows, beside its standardised
    self; a category has a code; a missing value is told by an indicator or a code of its own.
    Regression targets are standardised. It is trained where the parameter `gpu` says, and predicts
    on the CPU.

    Attributes:
        encoding_: The piecewise-linear encoding of numbers.
        standardiser_: What standardises numbers.
        scaling_: How the labels of numbers are standardised.
        network_: The network, ready to predict.
    """

    STARTS_FROM_TRUNK: ClassVar[bool] = True
    HEADS: ClassVar[tuple[str, ...]]
    """Names of the weights that each target has for itself."""

    def _fit(self, inputs: FitInputs) -> None:
        gpu = bool(self.params["gpu"])
        hardware = Hardware.of(gpu=gpu)
        start = None if inputs.start is None else Start.of(inputs.start, self)
        numbers = self._fitted_columns().numbers(inputs.training.features)
        self.encoding_ = PiecewiseLinear.learn(numbers, bins=int(self.params["bins"]))
        self.standardiser_ = Standardiser.learn(numbers)
        if start is not None:
            self.columns_ = start.matching.columns
            self.encoding_ = start.encoding(self.encoding_)
            self.standardiser_ = start.standardiser(self.standardiser_)
            self.start_ = start.to_json()
        self._learn_further(inputs.training.features)
        self.scaling_ = LabelScaling.learn(inputs.training.labels, self.targets)
        rows = self._rows(inputs.training)
        inner = None if inputs.inner is None else self._rows(inputs.inner)
        identity = self._identity(rows, inner, start)
        with isolated(threads=self.threads, seed=self.seed, gpu=gpu):
            self.network_ = self._new_network()
            if start is not None:
                adopt(self.network_, start.trunk, start.matching)
            pretrained = self._pretrain(inputs, rows, inner, hardware, identity)
            objective = TargetObjective(
                self.network_,
                self.targets,
                scales=self.scaling_.scales,
                learns_weights=self.params["loss_weights"] == "learned",
                hardware=hardware,
            )
            layers = self.network_.layers_of_trunk()
            is_started = start is not None or pretrained > 0
            trainer = Trainer(
                objective=objective,
                rows=rows,
                inner=inner,
                schedule=Schedule.of(self.params),
                first_step=pretrained,
                unfreeze=unfreezing(str(self.params["transfer"]), layers) if is_started else None,
            )
            checkpoint = _checkpoint(inputs, CHECKPOINT_FILE, identity)
            self.best_step_ = pretrained + trainer.train(inputs.on_step, checkpoint)

    def trunk(self, origin: Mapping[str, Any]) -> Trunk:
        """Return the fitted network without its heads, for others to start from.

        Args:
            origin: What it was trained on; JSON (see `Trunk`).
        """
        columns = self._fitted_columns()
        return Trunk(
            kind=self.KIND,
            architecture=architecture_of(self.params),
            columns=columns,
            encoding=self.encoding_,
            standardiser=self.standardiser_,
            state={
                name: value
                for name, value in self.network_.state_dict().items()
                if name not in self.HEADS
            },
            origin=origin,
        )

    @torch.no_grad()
    def _predict(self, features: pd.DataFrame) -> Floats:
        outputs = []
        with isolated(threads=self.threads, seed=self.seed):
            for start in range(0, len(features), _BATCH_ROWS):
                inputs = self._inputs(features.iloc[start : start + _BATCH_ROWS])
                scores = combined(self.network_(*inputs), self.targets)
                outputs.append(predictions_of(scores.double(), self.targets).numpy())
        found = self.scaling_.restore(np.concatenate(outputs), self.targets)
        is_predicted = [not target.is_auxiliary for target in self.targets]
        return found[:, np.repeat(is_predicted, [target.outputs for target in self.targets])]

    def _save(self, folder: Path) -> None:
        from safetensors.numpy import save_file

        state = {f"{_NETWORK}{k}": v.numpy() for k, v in self.network_.state_dict().items()}
        arrays = {"scaling": self.scaling_.array(), **self.encoding_.arrays()}
        arrays |= self.standardiser_.arrays() | self._further_arrays() | state
        save_file(arrays, folder / f"{self.KIND}.safetensors")

    def _load(self, folder: Path) -> None:
        from safetensors.numpy import load_file

        with reading(folder / f"{self.KIND}.safetensors") as path:
            arrays = load_file(path)
            self._restore(arrays)
            self.encoding_ = PiecewiseLinear.of(arrays)
            self.standardiser_ = Standardiser.of(arrays)
            check_shape("scaling", arrays["scaling"].shape, (2, len(self.targets)))
            self.scaling_ = LabelScaling.of(arrays["scaling"])
            with isolated(threads=self.threads, seed=self.seed):
                self.network_ = self._new_network()
            state = {
                name.removeprefix(_NETWORK): torch.from_numpy(value)
                for name, value in arrays.items()
                if name.startswith(_NETWORK)
            }
            self.network_.load_state_dict(state)
        self.network_.eval()

    def _learn_further(self, features: pd.DataFrame) -> None:
        """Learn how what is no number and no category is encoded."""

    def _further_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what that needs to be stored."""
        return {}

    def _restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Read it again."""

    def _inputs(self, features: pd.DataFrame) -> tuple[torch.Tensor, ...]:
        """Return what the network is given of some rows."""
        return tuple(self._tensors(features).values())

    @abstractmethod
    def _network(self, embedding: FeatureEmbedding, outputs: int) -> LayeredNetwork:
        """Make a network that returns scores of shape (n, members, outputs)."""

    def _new_network(self) -> LayeredNetwork:
        columns = self._fitted_columns()
        embedding = FeatureEmbedding(
            numeric=len(columns.numeric),
            bins=self.encoding_.bins,
            sizes=[vocabulary.size for vocabulary in columns.vocabularies.values()],
            size=int(self.params["embedding"]),
        )
        return self._network(embedding, sum(target.outputs for target in self.targets))

    def _pretrain(
        self,
        inputs: FitInputs,
        rows: Rows,
        inner: Rows | None,
        hardware: Hardware,
        identity: str,
    ) -> int:
        """Learn from features alone first, where that is asked for; return the epochs done."""
        epochs = int(self.params.get("pretraining_epochs", 0))
        if epochs == 0:
            return 0
        others = inputs.unlabelled
        if others is not None and len(others):
            rows = rows.and_unlabelled(self._tensors(others))
        return pretrain(
            self.network_,
            rows,
            inner,
            columns=self._fitted_columns(),
            width=int(self.params["width"]),
            schedule=replace(Schedule.of(self.params), epochs=epochs),
            hardware=hardware,
            on_step=inputs.on_step,
            checkpoint=_checkpoint(inputs, PRETRAINING_FILE, digest([identity, rows.digest()])),
        )

    def _identity(self, rows: Rows, inner: Rows | None, start: Start | None) -> str:
        """Return a digest of all that the fit follows from."""
        return digest(
            {
                "kind": [self.KIND, self.FORMAT],
                "params": dict(self.params),
                "seed": self.seed,
                "threads": self.threads,
                "targets": [target.to_json() for target in self.targets],
                "columns": self._fitted_columns().to_json(),
                "torch": torch.__version__,
                "rows": rows.digest(),
                "inner": inner and inner.digest(),
                "start": start and start.sha256,
            }
        )

    def _tensors(self, features: pd.DataFrame) -> dict[str, torch.Tensor]:
        columns = self._fitted_columns()
        numbers = columns.numbers(features)
        standard = self.standardiser_.transform(numbers).astype(np.float32)
        return {
            "positions": torch.from_numpy(self.encoding_.positions(numbers)),
            "standard": torch.from_numpy(standard),
            "codes": torch.from_numpy(columns.codes(features)),
        }

    def _rows(self, data: FoldData) -> Rows:
        labels = self.scaling_.transform(data.labels)
        return Rows(
            **self._tensors(data.features),
            labels=torch.from_numpy(labels.astype(np.float32)),
            weights=torch.from_numpy(data.weights.astype(np.float32)),
        )


def _checkpoint(inputs: FitInputs, name: str, fit: str) -> Checkpoint | None:
    if inputs.checkpoint is None:
        return None
    return Checkpoint.of(inputs.checkpoint, fit=fit, name=name)
