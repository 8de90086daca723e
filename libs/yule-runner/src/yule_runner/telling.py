"""What a run's listeners are told of what its executor saw."""

from __future__ import annotations

from typing import Any, assert_never

from gokart_store import StoredTask, TaskRecord

from yule_runner.events import Event, MemoryExceeded, RunWarned, TasksHeld, TaskStarted, TaskWaiting
from yule_runner.executor import Failed, Held, Started, Waiting, Warned
from yule_runner.failure import TaskFailure
from yule_runner.graph import Graph, name_of
from yule_runner.recovery import Recovery

__all__ = ["event_of", "exceeded_memory", "failure_of_task"]


def event_of(
    observation: Started | Waiting | Held | Warned, graph: Graph, recovery: Recovery
) -> Event:
    """Return the event of an observation that ends no task."""
    match observation:
        case Started(task_id=task_id):
            return TaskStarted(
                task_id=task_id,
                name=name_of(graph.tasks[task_id]),
                attempt=recovery.attempt(task_id),
                worker=observation.worker,
            )
        case Waiting(task_id=task_id):
            return TaskWaiting(task_id=task_id, name=name_of(graph.tasks[task_id]))
        case Held(task_ids=task_ids):
            name = name_of(graph.tasks[task_ids[0]])
            return TasksHeld(task_ids=task_ids, name=name, reason=observation.reason)
        case Warned():
            return RunWarned(words=observation.words)
        case _:
            assert_never(observation)


def exceeded_memory(record: TaskRecord) -> MemoryExceeded | None:
    """Return what there is to say of a task that took more memory than it declares."""
    peak_gib = record.peak_memory_gib
    if peak_gib is None or peak_gib <= record.declared_memory_gib:
        return None
    return MemoryExceeded(
        task_id=record.task_id,
        name=record.name,
        declared_gib=record.declared_memory_gib,
        peak_gib=peak_gib,
    )


def failure_of_task(seen: Failed, task: StoredTask[Any], recovery: Recovery) -> TaskFailure:
    """Describe a failed attempt with the task that it was."""
    parameters: dict[str, str] = task.to_str_params(only_significant=True)  # type: ignore[no-untyped-call]
    return TaskFailure(
        task_id=seen.task_id,
        name=name_of(task),
        parameters=parameters,
        failure=seen.failure,
        attempt=recovery.attempt(seen.task_id) + seen.attempts - 1,
        log=seen.log,
    )
