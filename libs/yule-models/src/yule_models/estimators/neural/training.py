"""Gradient descent with early stopping."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from yule_models.estimators.base import CurvePoint
from yule_models.estimators.neural.losses import target_losses
from yule_models.targets import Target

__all__ = ["Rows", "Schedule", "train"]

_EVALUATION_ROWS = 8192
_LARGEST_GRADIENT = 1.0


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Encoded rows as tensors, all of n rows."""

    numbers: Tensor
    codes: Tensor
    labels: Tensor
    weights: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, rows: Tensor | slice) -> Rows:
        """Return some of the rows."""
        return Rows(
            numbers=self.numbers[rows],
            codes=self.codes[rows],
            labels=self.labels[rows],
            weights=self.weights[rows],
        )


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How long and how fast to learn.

    Attributes:
        epochs: Most passes over the rows.
        patience: Passes without a better inner loss after which to stop.
        batch_rows: Rows of a step.
        learning_rate: Of AdamW.
        weight_decay: Of AdamW.
    """

    epochs: int
    patience: int
    batch_rows: int
    learning_rate: float
    weight_decay: float


def train(
    network: nn.Module,
    rows: Rows,
    inner: Rows | None,
    *,
    targets: Sequence[Target],
    schedule: Schedule,
    on_step: Callable[[CurvePoint], None],
) -> int:
    """Train in place; with inner rows the network ends with the weights of its best epoch.

    Returns:
        The epoch whose weights were kept, from 1 on.
    """
    optimiser = torch.optim.AdamW(
        network.parameters(),
        lr=schedule.learning_rate,
        weight_decay=schedule.weight_decay,
        fused=True,
    )
    best_loss, best_epoch, best_state = float("inf"), schedule.epochs, None
    for epoch in range(1, schedule.epochs + 1):
        losses = {"train/loss": _epoch(network, optimiser, rows, targets, schedule.batch_rows)}
        if inner is not None:
            losses["inner/loss"] = _mean_loss(network, inner, targets)
        on_step(CurvePoint(step=epoch, values=losses))
        if inner is None:
            continue
        if losses["inner/loss"] < best_loss:
            best_loss, best_epoch = losses["inner/loss"], epoch
            best_state = copy.deepcopy(network.state_dict())
        elif epoch - best_epoch >= schedule.patience and best_state is not None:
            break
    if best_state is not None:
        network.load_state_dict(best_state)
    network.eval()
    return best_epoch


def _epoch(
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    rows: Rows,
    targets: Sequence[Target],
    batch_rows: int,
) -> float:
    network.train()
    total, order = 0.0, torch.randperm(len(rows))
    for chosen in torch.split(order, batch_rows):
        batch = rows.batch(chosen)
        scores = network(batch.numbers, batch.codes)
        loss = torch.stack(target_losses(scores, batch.labels, batch.weights, targets)).sum()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        nn.utils.clip_grad_norm_(network.parameters(), _LARGEST_GRADIENT)
        optimiser.step()
        total += loss.item() * len(chosen)
    return total / len(rows)


@torch.no_grad()
def _mean_loss(network: nn.Module, rows: Rows, targets: Sequence[Target]) -> float:
    network.eval()
    scores = torch.cat(
        [
            network(batch.numbers, batch.codes)
            for start in range(0, len(rows), _EVALUATION_ROWS)
            for batch in [rows.batch(slice(start, start + _EVALUATION_ROWS))]
        ]
    )
    return float(torch.stack(target_losses(scores, rows.labels, rows.weights, targets)).sum())
