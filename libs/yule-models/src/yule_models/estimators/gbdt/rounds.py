"""The rounds of one booster, which can be taken up again where they were interrupted."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from yule_models.estimators.gbdt.checkpoint import BoosterCheckpoint, BoosterCourse
from yule_models.estimators.gbdt.replay import replayed, rounds_between_drawings
from yule_models.estimators.gbdt.tree_text import END_OF_TREES

if TYPE_CHECKING:
    import lightgbm as lgb

__all__ = ["Rounds", "Tell"]

Tell = Callable[[Any, int, float | None], dict[str, float]]
"""Told of the booster, the round from 1 on, and its inner loss; returns what the curve shows."""

_KEPT_EVERY_S = 10.0
"""A fit that is told to end keeps its last round; one that is killed loses so much."""
_CHECKED_ROUNDS = 5
"""So many rounds are boosted again, for two trees may be alike by chance."""
_logger = logging.getLogger(__name__)


class _UnlikeBefore(Exception):  # noqa: N818  # no error: the fit starts anew
    """LightGBM boosted other trees than before the interruption."""


@dataclass(frozen=True, kw_only=True)
class Rounds:
    """What a booster is trained by.

    Attributes:
        settings: LightGBM's parameters.
        training: Makes the rows to learn from, in one matrix where it is told so: LightGBM goes on
            from no other.
        inner: Makes the rows to stop early by, given those to learn from; None: there are none.
        most: Most rounds.
        patience: Rounds without a better inner loss to stop after.
        tell: Told of each round; None: nobody is.
        retell: Told of each round before a checkpoint, and of its values.
    """

    settings: Mapping[str, Any]
    training: Callable[[bool], lgb.Dataset]
    inner: Callable[[lgb.Dataset], lgb.Dataset] | None
    most: int
    patience: int = 0
    tell: Tell | None = None
    retell: Callable[[int, dict[str, float]], None] | None = None

    def boost(self, checkpoint: BoosterCheckpoint | None) -> tuple[lgb.Booster, int]:
        """Boost; go on where a fit of the same was interrupted, to the same bits.

        After an interruption the last rounds before it are boosted again: should LightGBM find
        other trees than it had, everything is boosted anew.

        Args:
            checkpoint: Where to go on from, and to keep how far it came; None: nowhere.

        Returns:
            The booster, and the round with the best inner loss; without inner rows the last one.
        """
        import lightgbm as lgb

        stored = checkpoint.read() if checkpoint else None
        if stored is not None and stored.is_finished:
            self._retell(stored.points)
            return lgb.Booster(model_str=stored.text), _chosen(stored)
        if stored is not None and (kept := self._kept(stored)) > 0:
            try:
                return self._run(checkpoint, stored, kept)
            except _UnlikeBefore:
                _logger.warning(
                    "LightGBM boosted other trees than before the interruption after %d rounds; "
                    "the fit starts anew.",
                    kept,
                )
        return self._run(checkpoint, BoosterCourse(), 0)

    def _kept(self, stored: BoosterCourse) -> int:
        """Return how many rounds are taken up; the rest of those stored is boosted again."""
        if self.settings.get("linear_tree"):
            return 0  # their scores cannot be had from the model's text
        if len(_trees(stored.text)) != stored.rounds * self.outputs:
            return 0  # rounds without a tree drew rows and features too
        every = rounds_between_drawings(self.settings)
        return max(0, stored.rounds - _CHECKED_ROUNDS) // every * every

    def _run(
        self, checkpoint: BoosterCheckpoint | None, stored: BoosterCourse, kept: int
    ) -> tuple[lgb.Booster, int]:
        import lightgbm as lgb

        watch = _Watch(
            rounds=self,
            checkpoint=checkpoint,
            course=_until(kept, stored),
            before=stored.text if kept else None,
        )
        callbacks: list[Callable[..., None]] = [watch]
        previous = None
        if kept:
            text = _first(stored.text, kept)
            previous = lgb.Booster(model_str=text)
            callbacks.append(
                replayed(
                    self.settings, text=text, rounds=kept, outputs=self.outputs, most=self.most
                )
            )
        self._retell(watch.course.points)
        training = self.training(bool(kept))
        sets = [] if self.inner is None else [self.inner(training)]
        try:
            booster = lgb.train(
                dict(self.settings),
                training,
                num_boost_round=self.most - kept,
                valid_sets=sets,
                valid_names=["inner"] * len(sets),
                init_model=previous,
                callbacks=callbacks,
                keep_training_booster=True,  # LightGBM would take it through its text, as we do
            )
        except BaseException:
            watch.keep()
            raise
        if not watch.is_checked:
            raise _UnlikeBefore  # it stopped earlier than before
        watch.course.is_finished = True
        watch.keep(booster)
        return booster, _chosen(watch.course)

    def _retell(self, points: list[dict[str, float]]) -> None:
        if self.retell is not None:
            for step, values in enumerate(points, start=1):
                self.retell(step, values)

    @property
    def outputs(self) -> int:
        """Trees of a round."""
        return int(self.settings.get("num_class", 1))


class _Watch:
    """Looks on, round by round: stops early, keeps how far the fit came, and checks what it found.

    Args:
        rounds: What is done.
        checkpoint: Where how far it came is kept; None: nowhere.
        course: How far it has come.
        before: The text of a model that should come out again; None: there is none.
    """

    def __init__(
        self,
        *,
        rounds: Rounds,
        checkpoint: BoosterCheckpoint | None,
        course: BoosterCourse,
        before: str | None,
    ) -> None:
        self.course = course
        self._rounds, self._checkpoint = rounds, checkpoint
        self._before = None if before is None else _trees(before)
        self._booster: lgb.Booster | None = None
        self._kept_at = time.monotonic()
        self._best = _chosen(course) if course.losses else 0

    def __call__(self, environment: Any) -> None:
        """Be told of a round, as LightGBM's callback."""
        booster, step = environment.model, environment.iteration + 1
        judged = environment.evaluation_result_list
        loss = float(judged[0][2]) if judged else None
        if loss is not None:
            self.course.losses.append(np.inf if np.isnan(loss) else loss)
        if self._rounds.tell is not None:
            self.course.points.append(self._rounds.tell(booster, step, loss))
        # From here on the round is known as a whole.
        self._booster, self.course.rounds = booster, step
        self._check(booster, step)
        if self._checkpoint and time.monotonic() - self._kept_at > _KEPT_EVERY_S:
            self.keep()
        if loss is None:
            return
        if self._best == 0 or self.course.losses[-1] < self.course.losses[self._best - 1]:
            self._best = step
        if step - self._best >= self._rounds.patience:
            from lightgbm import EarlyStopException

            raise EarlyStopException(self._best - 1, [])

    @property
    def is_checked(self) -> bool:
        """Whether what was found before was found again, or nothing was."""
        return self._before is None

    def keep(self, booster: lgb.Booster | None = None) -> None:
        """Keep how far the fit has come, without a round that is not known as a whole."""
        booster = booster or self._booster
        if self._checkpoint is None or booster is None or not self.is_checked:
            return
        course = _until(self.course.rounds, self.course)
        course.text = booster.model_to_string(num_iteration=course.rounds)
        self._checkpoint.write(course)
        self._kept_at = time.monotonic()

    def _check(self, booster: lgb.Booster, step: int) -> None:
        if self._before is None or step * self._rounds.outputs < len(self._before):
            return
        if _trees(booster.model_to_string()) != self._before:
            raise _UnlikeBefore
        self._before = None


def _until(rounds: int, course: BoosterCourse) -> BoosterCourse:
    """Return what was known after so many rounds."""
    return replace(
        course, rounds=rounds, points=course.points[:rounds], losses=course.losses[:rounds]
    )


def _chosen(course: BoosterCourse) -> int:
    """Return the round with the least inner loss, the earliest of them; without any, the last."""
    if not course.losses:
        return course.rounds
    return 1 + int(np.argmin(course.losses))


def _first(text: str, rounds: int) -> str:
    import lightgbm as lgb

    return lgb.Booster(model_str=text).model_to_string(num_iteration=rounds)


def _trees(text: str) -> list[str]:
    return text.partition(END_OF_TREES)[0].split("\nTree=")[1:]
