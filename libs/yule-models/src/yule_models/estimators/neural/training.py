"""Gradient descent with early stopping, epoch by epoch."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor, nn

from yule_models.errors import DivergenceError
from yule_models.estimators.inputs import CurvePoint
from yule_models.estimators.neural.checkpoint import Checkpoint, Course
from yule_models.estimators.neural.objective import Objective, Told
from yule_models.estimators.neural.rows import Rows

__all__ = ["Schedule", "Trainer"]

_LARGEST_GRADIENT = 1.0


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How long and how fast to learn.

    Attributes:
        epochs: Most passes over the rows.
        patience: Passes without a better inner loss after which to stop.
        batch_rows: Rows of a step.
        micro_batch_rows: Rows of a step that are in memory at once.
        learning_rate: Of AdamW.
        weight_decay: Of AdamW.
    """

    epochs: int
    patience: int
    batch_rows: int
    micro_batch_rows: int
    learning_rate: float
    weight_decay: float

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> Self:
        """Read it from the parameters of a kind."""
        batch_rows = int(params["batch_rows"])
        return cls(
            epochs=int(params["epochs"]),
            patience=int(params["patience"]),
            batch_rows=batch_rows,
            micro_batch_rows=int(params["micro_batch_rows"]) or batch_rows,
            learning_rate=float(params["learning_rate"]),
            weight_decay=float(params["weight_decay"]),
        )


@dataclass(frozen=True, kw_only=True)
class Trainer:
    """One fit of one network.

    Attributes:
        objective: The network, and what it is trained for.
        rows: Rows to learn from.
        inner: Rows to stop early by; None: all epochs are done.
        schedule: How long and how fast to learn.
        first_step: How many epochs were told before, of what came before this.
        unfreeze: Told of each epoch, from 1 on, before it begins: it chooses what of the network
            learns in it; None: everything.
    """

    objective: Objective
    rows: Rows
    inner: Rows | None
    schedule: Schedule
    first_step: int = 0
    unfreeze: Callable[[int], None] | None = None

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
        self.objective.to(self.objective.hardware.device)
        optimiser = torch.optim.AdamW(
            self._parameter_groups(),
            lr=self.schedule.learning_rate,
            weight_decay=self.schedule.weight_decay,
            fused=True,
        )
        course = checkpoint.resume(self.objective, optimiser) if checkpoint else Course()
        for epoch, values in enumerate(course.points, start=1):
            on_step(CurvePoint(step=self.first_step + epoch, values=values))
        while not self._is_over(course):
            started = time.perf_counter()
            self._advance(course, optimiser)
            seconds = time.perf_counter() - started
            if checkpoint:
                checkpoint.write(course, self.objective, optimiser)
            step = self.first_step + course.epoch
            on_step(CurvePoint(step=step, values=course.points[-1], seconds=seconds))
        if course.best_state is not None:
            self.objective.load_state_dict(course.best_state)
        self.objective.to("cpu").eval()
        return course.best_epoch or course.epoch

    def _parameter_groups(self) -> list[dict[str, Any]]:
        """Return the weights of the network; and what is learned beside it, which never decays."""
        own = list(self.objective.network.parameters())
        known = {id(parameter) for parameter in own}
        beside = [p for p in self.objective.parameters() if id(p) not in known]
        return [{"params": own}, *([{"params": beside, "weight_decay": 0.0}] if beside else [])]

    def _is_over(self, course: Course) -> bool:
        is_stale = course.epoch - course.best_epoch >= self.schedule.patience
        has_stopped = course.best_state is not None and is_stale
        return course.epoch >= self.schedule.epochs or has_stopped

    def _advance(self, course: Course, optimiser: torch.optim.Optimizer) -> None:
        """Do an epoch, and note how it went."""
        if self.unfreeze is not None:
            self.unfreeze(course.epoch + 1)
        told = self._epoch(optimiser)
        if not np.isfinite([told.loss, *told.values.values()]).all():
            raise DivergenceError(
                f"The loss of epoch {course.epoch + 1} is {told.loss}: the fit has "
                "diverged. Lower `learning_rate`, or look for features with extreme values."
            )
        values = dict(told.values)
        course.epoch += 1
        if self.inner is not None:
            self.objective.eval()
            judged = self.objective.judge(self.inner)
            values |= judged.values
            if judged.loss < course.best_loss:
                course.keep(judged.loss, self.objective)
        values["learning_rate"] = self.schedule.learning_rate
        course.points.append(values)

    def _epoch(self, optimiser: torch.optim.Optimizer) -> Told:
        self.objective.train()
        total: Tensor | None = None
        for chosen in torch.split(torch.randperm(len(self.rows)), self.schedule.batch_rows):
            optimiser.zero_grad()
            told = self.add_gradients(chosen)
            nn.utils.clip_grad_norm_(self.objective.parameters(), _LARGEST_GRADIENT)
            optimiser.step()
            part = told.double() * len(chosen)
            total = part if total is None else total + part
        assert total is not None  # noqa: S101  # there are rows
        return self.objective.tell((total / len(self.rows)).tolist())

    def add_gradients(self, chosen: Tensor) -> Tensor:
        """Add the gradients of a batch's loss, a part of its rows after another.

        They are those of the whole batch but for the order of sums; where units are dropped, other
        ones are, for each part draws its own.

        Args:
            chosen: The rows of the batch, by their positions.

        Returns:
            The losses to tell, of shape (k,).
        """
        parts = torch.split(chosen, self.schedule.micro_batch_rows)
        counts = [None] if len(parts) == 1 else self.objective.counts(self.rows, parts)
        total: Tensor | None = None
        for part, count in zip(parts, counts, strict=True):
            batch = self.rows.batch(part, device=self.objective.hardware.device)
            loss, told = self.objective(batch, count)
            loss.backward()
            total = told if total is None else total + told
        assert total is not None  # noqa: S101  # a batch has rows
        return total
