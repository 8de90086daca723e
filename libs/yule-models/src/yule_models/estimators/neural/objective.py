"""What a network is trained for, and how far it has come."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from yule_models.estimators.fold_data import Floats
from yule_models.estimators.neural.hardware import Hardware
from yule_models.estimators.neural.losses import (
    SMALLEST_WEIGHT,
    combined,
    member_losses,
    predictions_of,
    target_losses,
)
from yule_models.estimators.neural.network import LayeredNetwork
from yule_models.estimators.neural.rows import Rows
from yule_models.estimators.neural.weighing import weighing_of
from yule_models.metrics import headline_metric
from yule_models.targets import Target

__all__ = ["EVALUATION_ROWS", "Count", "Objective", "TargetObjective", "Told"]

EVALUATION_ROWS = 2048
_LOSS_NAMES = {"binary": "log_loss", "multiclass": "log_loss", "regression": "squared_error"}


@dataclass(frozen=True, kw_only=True)
class Told:
    """How a network does on some rows.

    Attributes:
        loss: What decides; the less the better.
        values: What a learning curve shows, by name.
    """

    loss: float
    values: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Count:
    """What a part of a batch counts for in the loss of the whole batch.

    Attributes:
        rows: Its share of the rows.
        losses: Its share in each loss that is told, of shape (k,).
        is_known: Whether the whole batch knows what each loss asks for, of that shape.
        hidden: What is hidden of the part's features, where some are.
    """

    rows: float
    losses: Tensor
    is_known: Tensor
    hidden: Tensor | None = None


class Objective(nn.Module):
    """A network with all that is learned beside it, and the loss that it is trained by.

    Args:
        network: What is trained.
        hardware: Where, and in which precision.
    """

    network: LayeredNetwork

    def __init__(self, network: LayeredNetwork, hardware: Hardware) -> None:
        super().__init__()
        self.network, self.hardware = network, hardware

    @abstractmethod
    def forward(self, batch: Rows, count: Count | None = None) -> tuple[Tensor, Tensor]:
        """Return the loss to make smaller, and the losses to tell, of shape (k,).

        Args:
            batch: The rows.
            count: What they count for where they are a part of a batch; None: they are all of it.
                The losses of all parts add up to that of the batch.
        """

    @abstractmethod
    def counts(self, rows: Rows, parts: Sequence[Tensor]) -> Sequence[Count]:
        """Return what each part of a batch counts for.

        Args:
            rows: All rows to learn from.
            parts: The rows of each part, by their positions.
        """

    @abstractmethod
    def tell(self, losses: Sequence[float]) -> Told:
        """Name the losses of the training rows, k of them."""

    @abstractmethod
    def judge(self, rows: Rows) -> Told:
        """Judge rows that were set aside; the network is in the mode of prediction."""


class TargetObjective(Objective):
    """Learning the labels of all targets together.

    It is judged by the predicted targets alone: auxiliary ones help, and do not decide when to
    stop.

    Args:
        network: The network.
        targets: The targets, whose outputs stand side by side.
        scales: What a unit of each target's labels is worth, of shape (targets,).
        learns_weights: Whether the weights of the losses are learned.
        hardware: Where, and in which precision.
    """

    def __init__(
        self,
        network: LayeredNetwork,
        targets: Sequence[Target],
        *,
        scales: Floats,
        learns_weights: bool,
        hardware: Hardware,
    ) -> None:
        super().__init__(network, hardware)
        self.targets, self.scales = targets, scales
        self.weighing = weighing_of(targets, is_learned=learns_weights)

    def forward(self, batch: Rows, count: Count | None = None) -> tuple[Tensor, Tensor]:
        """Return the weighted loss, and that of each target."""
        scores = self._scores(batch)
        losses = torch.stack(member_losses(scores, batch.labels, batch.weights, self.targets))
        if count is None:
            is_known = ~torch.isnan(batch.labels).all(dim=0)
            return self.weighing(losses, is_known), losses.detach()
        losses = losses * count.losses.to(losses.device)
        is_known = count.is_known.to(losses.device)
        return self.weighing(losses, is_known, part=count.rows), losses.detach()

    def counts(self, rows: Rows, parts: Sequence[Tensor]) -> Sequence[Count]:
        """Return shares of the weight that the rows with a label have."""
        known = [~torch.isnan(rows.labels[part]) for part in parts]
        weights = torch.stack(
            [
                (is_known * rows.weights[part][:, None]).sum(dim=0)
                for part, is_known in zip(parts, known, strict=True)
            ]
        )
        shares = weights / weights.sum(dim=0).clamp_min(SMALLEST_WEIGHT)
        number, is_known = sum(map(len, parts)), torch.cat(known).any(dim=0)
        return [
            Count(rows=len(part) / number, losses=share, is_known=is_known)
            for part, share in zip(parts, shares, strict=True)
        ]

    def tell(self, losses: Sequence[float]) -> Told:
        """Name the loss of each target."""
        return self._told("train", losses)

    @torch.no_grad()
    def judge(self, rows: Rows) -> Told:
        """Return the losses of the targets, and a metric of each."""
        scores = torch.cat(
            [
                combined(self._scores(rows.batch(part, device=self.hardware.device)), self.targets)
                for start in range(0, len(rows), EVALUATION_ROWS)
                for part in [slice(start, start + EVALUATION_ROWS)]
            ]
        ).cpu()
        losses = torch.stack(target_losses(scores, rows.labels, rows.weights, self.targets))
        told = self._told("inner", losses.tolist())
        predictions = predictions_of(scores.double(), self.targets).numpy()
        return Told(loss=told.loss, values={**told.values, **self._metrics(rows, predictions)})

    def _told(self, part: str, losses: Sequence[float]) -> Told:
        """Sum the losses of predicted targets; numbers are told in their own units."""
        decisive = np.float32(0)
        values = {}
        for target, loss, scale in zip(self.targets, losses, self.scales, strict=True):
            if not target.is_auxiliary:
                decisive += np.float32(target.weight) * np.float32(loss)
            name = f"{self._prefix(target)}{part}/{_LOSS_NAMES[target.kind]}"
            values[name] = loss * float(scale) ** 2 if target.kind == "regression" else loss
        if len(self.targets) > 1:
            values = {f"{part}/loss": float(decisive), **values}
        return Told(loss=float(decisive), values=values)

    def _metrics(self, rows: Rows, predictions: Floats) -> dict[str, float]:
        values, start, weights = {}, 0, rows.weights.double().numpy()
        for position, target in enumerate(self.targets):
            outputs = predictions[:, start : start + target.outputs]
            start += target.outputs
            labels = rows.labels[:, position].double().numpy()
            if (found := headline_metric(target, labels, outputs, weights)) is not None:
                name, value = found
                values[f"{self._prefix(target)}inner/{name}"] = value
        return values

    def _prefix(self, target: Target) -> str:
        return "" if len(self.targets) == 1 else f"{target.name}/"

    def _scores(self, batch: Rows) -> Tensor:
        with self.hardware.precision():
            scores: Tensor = self.network(*batch.inputs())
        return scores.float()
