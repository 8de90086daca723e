"""The tasks of the tree beside those on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from task_versions.record import Record, RecordedTask
from task_versions.tasks import Task

__all__ = ["Difference", "Kind", "differences", "updated"]


class Kind(Enum):
    """How a task differs from its record."""

    CHANGED = "computes something else under the same VERSION"
    LOWERED = "has a lower VERSION than before"
    RAISED = "has a new VERSION"
    NEW = "is not on record"
    REMOVED = "is on record, but gone"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One task that differs; `definitions` are those of its computation that changed."""

    task: str
    kind: Kind
    definitions: tuple[str, ...] = ()

    @property
    def needs_decision(self) -> bool:
        """Whether only a person can say what to do: raise the VERSION, or accept."""
        return self.kind in {Kind.CHANGED, Kind.LOWERED}


def differences(tasks: Mapping[str, Task], record: Record) -> list[Difference]:
    """Return all differences, by the tasks' names."""
    found = []
    for name in sorted({*tasks, *record.tasks}):
        kind = _kind(tasks.get(name), record.tasks.get(name))
        if kind is not None:
            hashes = tasks[name].definitions if name in tasks else {}
            changed = (key for key, value in hashes.items() if record.definitions.get(key) != value)
            definitions = tuple(changed) if kind is Kind.CHANGED else ()
            found.append(Difference(task=name, kind=kind, definitions=definitions))
    return found


def _kind(task: Task | None, recorded: RecordedTask | None) -> Kind | None:
    if task is None:
        return Kind.REMOVED
    if recorded is None:
        return Kind.NEW
    if task.version != recorded.version:
        return Kind.RAISED if task.version > recorded.version else Kind.LOWERED
    return Kind.CHANGED if task.hash != recorded.hash else None


def updated(tasks: Mapping[str, Task], record: Record, accepted: Mapping[str, str]) -> Record:
    """Return the record brought up to date, but for what still needs a decision.

    Args:
        tasks: The tasks of the tree.
        record: The record so far.
        accepted: By task, why its changed computation gives the same results.
    """
    open_tasks = {
        difference.task
        for difference in differences(tasks, record)
        if difference.needs_decision and difference.task not in accepted
    }
    entries: dict[str, RecordedTask] = {}
    definitions: dict[str, str] = {}
    for name, task in tasks.items():
        previous = record.tasks.get(name)
        if name in open_tasks and previous is not None:
            entries[name] = previous
        else:
            unchanged = previous is not None and previous.hash == task.hash
            why = accepted.get(name) or (previous.why if previous and unchanged else None)
            entries[name] = RecordedTask(version=task.version, hash=task.hash, why=why)
            definitions.update(task.definitions)
    # What an undecided task reaches stays as it was, so that the check can still name it.
    for name in open_tasks:
        for key in tasks[name].definitions:
            if key in record.definitions:
                definitions[key] = record.definitions[key]
            else:
                definitions.pop(key, None)
    return Record(tasks=entries, definitions=definitions)
