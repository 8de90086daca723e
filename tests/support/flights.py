"""Jobs as an executor knows them while they fly, with what they were asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from gokart_store import Resources, Store
from yule_runner import GraphSource
from yule_runner.executor import Handle, Submission
from yule_runner.kubernetes.flight import Batch, Flight, Need
from yule_runner.kubernetes.journals import JournalReader
from yule_runner.order import WorkOrder, write_order

__all__ = ["batch_of", "flight_of"]


def batch_of(
    task_ids: Sequence[str], folder: Path, *, is_stored: Callable[[str], bool] = lambda _: False
) -> Batch:
    """Return tasks that were asked for together, none of which has ended.

    Args:
        task_ids: Their ids.
        folder: Where their order is written.
        is_stored: Whether the output of a task is there.
    """
    tasks = tuple(task_ids)
    order = WorkOrder(source=GraphSource(factory="yule", arguments={}), task_ids=tasks)
    submission = Submission(
        name="some.Task",
        resources=Resources(),
        order=order,
        file=write_order(order, folder, name="one"),
        is_stored=is_stored,
    )
    handle = Handle(name="one", task_ids=tasks)
    return Batch(submission=submission, handle=handle, unended=dict.fromkeys(tasks), unplaced={})


def flight_of(
    name: str,
    batch: Batch,
    store: Store,
    *,
    begun: Mapping[str, str] | None = None,
    memory_gib: float = 1,
) -> Flight:
    """Return a Job of this process, with an index for each task of a batch.

    Args:
        name: Of the Job, whose uid is 7.
        batch: The tasks.
        store: Where its pods keep their journals.
        begun: By task that has begun, the pod that it is in.
        memory_gib: What each task needs.
    """
    task_ids = batch.handle.task_ids
    return Flight(
        name=name,
        uid="7",
        task_ids=task_ids,
        size=1,
        is_own=True,
        need=Need(memory_gib=memory_gib),
        is_spot=False,
        journals=JournalReader(store, name, "7"),
        mine=dict.fromkeys(task_ids, batch),
        begun=dict(begun or {}),
    )
