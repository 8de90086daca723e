"""What the store says about a task: it, and not what a worker reported, decides what is done."""

from __future__ import annotations

from typing import Any

from gokart_store import StoredTask, TaskRecord

from yule_runner.graph import name_of

__all__ = ["is_stored", "stored_record"]


def is_stored(task: StoredTask[Any]) -> bool:
    """Return whether the task's result is stored."""
    return bool(task.complete())


def stored_record(task: StoredTask[Any]) -> TaskRecord | None:
    """Return the record of a stored task, or None if its result is not there.

    Where only the result is stored, the record says nothing of time and memory.
    """
    if not is_stored(task):
        return None
    known = task.entry.read_record()
    if known is not None:
        return TaskRecord(**known)
    return TaskRecord(
        task_id=task.make_unique_id(),
        name=name_of(task),
        seconds=0.0,
        peak_memory_gib=None,
        declared_memory_gib=task.required_resources().memory_gib,
    )
