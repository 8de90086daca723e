"""The one wrapper through which a task is run."""

import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from gokart_store.errors import UnstoredOutputError
from gokart_store.memory import peak_memory_gib, reset_peak_memory
from gokart_store.task import StoredTask

__all__ = ["TaskRecord", "run_task"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class TaskRecord:
    """What one computation of a task cost.

    Attributes:
        task_id: The task's unique id.
        name: Its class name with the module, as `mushroom.tasks.labels.LabelRows`.
        seconds: Wall-clock time of `run`.
        peak_memory_gib: Peak resident memory of the process while it ran, or None where the system
            does not tell.
        declared_memory_gib: What the task had declared.
    """

    task_id: str
    name: str
    seconds: float
    peak_memory_gib: float | None
    declared_memory_gib: float


def run_task(
    task: StoredTask[Any], *, on_wait: Callable[[], None] = lambda: None
) -> TaskRecord | None:
    """Run one task whose upstream is stored, and put the record of it beside its entry.

    The task is claimed first: if another process runs it, this one waits and uses what that one
    stores. Exceptions of `run` pass through unchanged.

    Args:
        task: The task.
        on_wait: Called once if another process runs the task, before waiting for it.

    Returns:
        The record, or None if the result was there already, so that nothing was run.

    Raises:
        UnstoredOutputError: If `run` ended without storing a result.
        StoreWriteError: If the store takes no claim: it would take no result either.
    """
    entry = task.entry
    with entry.store.claim(entry.prefix, on_wait):
        return None if entry.is_complete() else _run(task)


def _run(task: StoredTask[Any]) -> TaskRecord:
    name = f"{type(task).__module__}.{type(task).__qualname__}"
    reset_peak_memory()
    started = time.perf_counter()
    task.run()
    seconds = time.perf_counter() - started
    if not task.entry.is_complete():
        raise UnstoredOutputError(
            f"{name} ended without storing its result; call self.dump(...) or write its files "
            "inside `with self.writing()`."
        )
    record = TaskRecord(
        task_id=task.make_unique_id(),
        name=name,
        seconds=seconds,
        peak_memory_gib=peak_memory_gib(),
        declared_memory_gib=task.required_resources().memory_gib,
    )
    try:
        task.entry.write_record(asdict(record))
    except OSError as error:
        _log.warning("The record of %s could not be written: %s", name, error)
    return record
