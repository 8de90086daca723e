"""A submission on its way through the local workers."""

from __future__ import annotations

from collections import deque

from yule_runner.executor import Handle, Submission

__all__ = ["Batch", "Chunk"]

_CHUNK_S = 0.1
_FAIR_PARTS = 2


class Batch:
    """The tasks of one submission that no worker has yet, and how long its tasks take."""

    def __init__(self, submission: Submission, name: str) -> None:
        self.submission = submission
        self.handle = Handle(name=name, task_ids=submission.order.task_ids)
        self.waiting = deque(submission.order.task_ids)
        self.unended = len(self.waiting)
        self.cancelled = False
        self._ended = 0
        self._seconds = 0.0

    def note(self, seconds: float) -> None:
        """Learn from the duration of a task that ended."""
        self._ended += 1
        self._seconds += seconds

    def take_chunk(self, workers: int) -> Chunk:
        """Take the next tasks for one worker.

        A chunk is one task until durations are known; then about 0.1 s of work, so that a
        thousand trivial tasks cost few round trips, and never more than a fair part of the rest.
        """
        mean_s = self._seconds / self._ended if self._ended else _CHUNK_S
        wanted = int(_CHUNK_S / max(mean_s, 1e-6))
        fair = len(self.waiting) // (_FAIR_PARTS * workers)
        count = max(1, min(wanted, fair))
        return Chunk(self, [self.waiting.popleft() for _ in range(count)])


class Chunk:
    """The tasks of a batch that one worker was told to run, in this order."""

    def __init__(self, batch: Batch, task_ids: list[str]) -> None:
        self.batch = batch
        self.task_ids = tuple(task_ids)
        self.unfinished = deque(task_ids)
