"""The learning curves of the boosters of all targets, as one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from yule_models.estimators.base import CurvePoint
from yule_models.estimators.gbdt.losses import LOSSES
from yule_models.targets import Target

__all__ = ["BoosterCurve"]

_TRAINING_STEPS = 10
"""Where there is an inner loss, the training loss, a fifth of a round's time, is told once in so
many."""


class BoosterCurve:
    """Collects the losses of all targets' boosters by round."""

    def __init__(self, targets: Sequence[Target], on_step: Callable[[CurvePoint], None]) -> None:
        self._is_single = len(targets) == 1
        self._on_step = on_step
        self._later: dict[int, dict[str, float]] = {}
        self._told_at = time.perf_counter()

    def callback(self, target: Target) -> Callable[..., None]:
        """Return a LightGBM callback; with one target each round is told at once."""
        loss = LOSSES[target.kind].told

        def tell(environment: Any) -> None:
            prefix = "" if self._is_single else f"{target.name}/"
            step = environment.iteration + 1
            judged = environment.evaluation_result_list
            found = {"inner": float(judged[0][2])} if judged else {}
            if not found or step % _TRAINING_STEPS == 1:
                found["train"] = float(environment.model.eval_train()[0][2])
            values = {f"{prefix}{part}/{loss}": value for part, value in found.items()}
            if self._is_single:
                now = time.perf_counter()
                seconds, self._told_at = now - self._told_at, now
                self._on_step(CurvePoint(step=step, values=values, seconds=seconds))
            else:
                self._later.setdefault(step, {}).update(values)

        return tell

    def close(self) -> None:
        """Tell the rounds of several targets, now that all are known."""
        for step, values in sorted(self._later.items()):
            self._on_step(CurvePoint(step=step, values=values))
