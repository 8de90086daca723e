"""One attempt at one task, and what there is to tell of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from gokart_store import StoredTask, run_task

from yule_runner.errors import YuleRunnerError
from yule_runner.failure import Failure, FailureKind, failure_of
from yule_runner.messages import Reply, TaskEnded, TaskFound, TaskMissed, TaskWaits

__all__ = ["attempt", "order_failure"]

_log = logging.getLogger(__name__)


def attempt(
    task_id: str,
    task: StoredTask[Any],
    tell: Callable[[Reply], None],
    *,
    on_wait: Callable[[], None] = lambda: None,
) -> TaskEnded | TaskFound | TaskMissed:
    """Run a task unless its result is stored, and return how it ended.

    Args:
        task_id: its unique id.
        task: the task, whose upstream is stored.
        tell: is told where another process computes it at this moment.
        on_wait: called then, too.

    Raises:
        KeyboardInterrupt: it was interrupted, and what it was writing is dropped.
    """
    name = f"{type(task).__name__} {task_id}"
    _log.info("%s starts", name)

    def wait() -> None:
        _log.info("%s waits for another run", name)
        tell(TaskWaits(task_id=task_id))
        on_wait()

    try:
        record = run_task(task, on_wait=wait)
    except (Exception, SystemExit) as error:
        _log.exception("%s failed", name)
        return TaskMissed(task_id=task_id, failure=failure_of(error))
    if record is None:
        _log.info("%s is stored already", name)
        return TaskFound(task_id=task_id)
    _log.info("%s ended after %.3f s", name, record.seconds)
    return TaskEnded(record=record)


def order_failure(error: Exception) -> Failure:
    """Describe what kept a worker from carrying out its order."""
    failure = failure_of(error)
    cause = str(error) if isinstance(error, YuleRunnerError) else failure.cause
    return Failure(kind=FailureKind.ORDER, cause=cause, traceback=failure.traceback)
