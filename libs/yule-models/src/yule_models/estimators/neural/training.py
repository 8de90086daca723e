"""Gradient descent with early stopping, epoch by epoch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from yule_models.errors import DivergenceError
from yule_models.estimators.base import CurvePoint
from yule_models.estimators.neural.checkpoint import Checkpoint, Course
from yule_models.estimators.neural.hardware import Hardware
from yule_models.estimators.neural.losses import combined, member_losses, target_losses
from yule_models.estimators.neural.rows import Rows
from yule_models.targets import Target

__all__ = ["Schedule", "Trainer"]

_EVALUATION_ROWS = 2048
_LARGEST_GRADIENT = 1.0


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


@dataclass(frozen=True, kw_only=True)
class Trainer:
    """One fit of one network.

    Attributes:
        network: Of positions, standardised numbers and codes; it returns scores of shape
            (n, members, outputs).
        rows: Rows to learn from.
        inner: Rows to stop early by; None: all epochs are done.
        targets: The targets, whose outputs stand side by side.
        schedule: How long and how fast to learn.
        hardware: Where.
    """

    network: nn.Module
    rows: Rows
    inner: Rows | None
    targets: Sequence[Target]
    schedule: Schedule
    hardware: Hardware

    def train(
        self, on_step: Callable[[CurvePoint], None], checkpoint: Checkpoint | None = None
    ) -> int:
        """Train in place; with inner rows the network ends with the weights of its best epoch.

        Args:
            on_step: Told of each epoch, those before a checkpoint included.
            checkpoint: Where to go on from, and to keep each epoch; None: nowhere.

        Returns:
            The epoch whose weights were kept, from 1 on.

        Raises:
            DivergenceError: If the loss is no finite number.
        """
        self.network.to(self.hardware.device)
        optimiser = torch.optim.AdamW(
            self.network.parameters(),
            lr=self.schedule.learning_rate,
            weight_decay=self.schedule.weight_decay,
            fused=True,
        )
        course = checkpoint.resume(self.network, optimiser) if checkpoint else Course()
        for epoch, values in enumerate(course.points, start=1):
            on_step(CurvePoint(step=epoch, values=values))
        while not self._is_over(course):
            self._advance(course, optimiser)
            if checkpoint:
                checkpoint.write(course, self.network, optimiser)
            on_step(CurvePoint(step=course.epoch, values=course.points[-1]))
        if course.best_state is not None:
            self.network.load_state_dict(course.best_state)
        self.network.to("cpu").eval()
        return course.best_epoch or course.epoch

    def _is_over(self, course: Course) -> bool:
        is_stale = course.epoch - course.best_epoch >= self.schedule.patience
        has_stopped = course.best_state is not None and is_stale
        return course.epoch >= self.schedule.epochs or has_stopped

    def _advance(self, course: Course, optimiser: torch.optim.Optimizer) -> None:
        """Do an epoch, and note how it went."""
        values = {"train/loss": self._epoch(optimiser)}
        if not np.isfinite(values["train/loss"]):
            raise DivergenceError(
                f"The loss of epoch {course.epoch + 1} is {values['train/loss']}: the fit has "
                "diverged. Lower `learning_rate`, or look for features with extreme values."
            )
        course.epoch += 1
        if self.inner is not None:
            values["inner/loss"] = loss = self._mean_loss(self.inner)
            if loss < course.best_loss:
                course.keep(loss, self.network)
        course.points.append(values)

    def _epoch(self, optimiser: torch.optim.Optimizer) -> float:
        self.network.train()
        total, order = 0.0, torch.randperm(len(self.rows))
        for chosen in torch.split(order, self.schedule.batch_rows):
            batch = self.rows.batch(chosen, device=self.hardware.device)
            scores = self._scores(batch)
            loss = torch.stack(
                member_losses(scores, batch.labels, batch.weights, self.targets)
            ).sum()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            nn.utils.clip_grad_norm_(self.network.parameters(), _LARGEST_GRADIENT)
            optimiser.step()
            total += loss.item() * len(chosen)
        return total / len(self.rows)

    @torch.no_grad()
    def _mean_loss(self, rows: Rows) -> float:
        self.network.eval()
        scores = [
            combined(self._scores(rows.batch(part, device=self.hardware.device)), self.targets)
            for start in range(0, len(rows), _EVALUATION_ROWS)
            for part in [slice(start, start + _EVALUATION_ROWS)]
        ]
        losses = target_losses(torch.cat(scores).cpu(), rows.labels, rows.weights, self.targets)
        return float(torch.stack(losses).sum())

    def _scores(self, batch: Rows) -> Tensor:
        with self.hardware.precision():
            scores: Tensor = self.network(batch.positions, batch.standard, batch.codes)
        return scores.float()
