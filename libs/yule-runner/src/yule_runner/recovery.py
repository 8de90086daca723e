"""What to do about a failed attempt: counts and a rule, without touching anything."""

from __future__ import annotations

from collections import Counter
from enum import Enum

from yule_runner.failure import FailureKind

__all__ = ["Recovery", "Verdict"]

_REPAIRS = 2
_FINAL = (FailureKind.ORDER, FailureKind.UNPLACED)


class Verdict(Enum):
    """What happens next to a task whose attempt failed."""

    RETRY = "retry"
    """It is tried again."""
    REPAIR = "repair"
    """What it reads is computed again, and then it is tried again."""
    GIVE_UP = "give up"
    """It has failed for good."""


class Recovery:
    """Remembers how often each task has failed.

    Args:
        retries: further attempts that each task has after its first.
    """

    def __init__(self, *, retries: int) -> None:
        self._retries = retries
        self._failed: Counter[str] = Counter()
        self._repaired: Counter[str] = Counter()

    def attempt(self, task_id: str) -> int:
        """Return the number of the task's present or next attempt, from 1."""
        return self._failed[task_id] + 1

    def judge(
        self, task_id: str, kind: FailureKind, *, is_upstream_damaged: bool, attempts: int = 1
    ) -> Verdict:
        """Count the failed attempts and decide.

        A damaged upstream is not the task's own failure and costs no attempt; but after two repairs
        it is the store that is broken, and repairing would go on for ever.
        """
        if is_upstream_damaged and self._repaired[task_id] < _REPAIRS:
            self._repaired[task_id] += 1
            return Verdict.REPAIR
        self._failed[task_id] += attempts
        if kind in _FINAL or self._failed[task_id] > self._retries:
            return Verdict.GIVE_UP
        return Verdict.RETRY
