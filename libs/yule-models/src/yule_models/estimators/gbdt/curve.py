"""The learning curves of the boosters of all targets."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from yule_models.estimators.fold_data import Floats
from yule_models.estimators.gbdt.losses import LOSSES
from yule_models.estimators.inputs import CurvePoint
from yule_models.metrics import headline_metric
from yule_models.targets import Target

__all__ = ["BoosterCurve"]

_TOLD_STEPS = 20
"""What takes half of a round's time, the training loss and the metric, is told once in so many;
the inner loss, which stops early, each round."""


class BoosterCurve:
    """Tells the rounds of one target's booster, under the names that networks have too.

    Args:
        target: The target.
        prefix: What its names begin with; empty where it is the only one.
        learning_rate: Weight of each tree.
        inner: Labels and weights of the inner rows; None: there are none.
        on_step: Told of each round.
    """

    def __init__(
        self,
        target: Target,
        *,
        prefix: str,
        learning_rate: float,
        inner: tuple[Floats, Floats] | None,
        on_step: Callable[[CurvePoint], None],
    ) -> None:
        self._target, self._prefix, self._inner = target, prefix, inner
        self._rate, self._on_step = learning_rate, on_step
        self._loss = LOSSES[target.kind].told
        self._told_at = time.perf_counter()

    def tell(self, booster: Any, step: int, loss: float | None) -> dict[str, float]:
        """Tell a round; return its values.

        Args:
            booster: The booster, in training.
            step: The round, from 1 on.
            loss: Its inner loss; None where there are no inner rows.
        """
        found = {} if loss is None else {f"inner/{self._loss}": loss}
        if loss is None or step % _TOLD_STEPS == 1:
            found[f"train/{self._loss}"] = float(booster.eval_train()[0][2])
            found["learning_rate"] = self._rate
        if loss is not None and step % _TOLD_STEPS == 1:
            told = booster.eval_valid(feval=self._metric)[1:]
            found |= {f"inner/{name}": float(value) for _, name, value, _ in told}
        values = {f"{self._prefix}{name}": value for name, value in found.items()}
        now = time.perf_counter()
        seconds, self._told_at = now - self._told_at, now
        self._tell(step, values, seconds)
        return values

    def retell(self, step: int, values: dict[str, float]) -> None:
        """Tell a round of an earlier attempt."""
        self._tell(step, values, None)

    def _tell(self, step: int, values: dict[str, float], seconds: float | None) -> None:
        point = CurvePoint(step=step, values=values, seconds=seconds, prefix=self._prefix)
        self._on_step(point)

    def _metric(self, predictions: Floats, _: Any) -> list[tuple[str, float, bool]]:
        """Return the metric that people know by heart, as LightGBM's own function."""
        assert self._inner is not None  # noqa: S101  # it is asked for where there are inner rows
        labels, weights = self._inner
        outputs = predictions.reshape(len(labels), -1)
        found = headline_metric(self._target, labels, outputs, weights)
        return [] if found is None else [(*found, True)]
