"""What a run tells its listeners: frozen values, in the order in which things happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gokart_store import TaskRecord

from yule_runner.failure import TaskFailure
from yule_runner.planning import Group

__all__ = [
    "Event",
    "Listener",
    "MemoryExceeded",
    "RunFinished",
    "RunInterrupting",
    "RunPlanned",
    "RunWarned",
    "TaskFailed",
    "TaskFinished",
    "TaskReused",
    "TaskStarted",
    "TaskWaiting",
    "TasksHeld",
    "UpstreamRepaired",
]


@dataclass(frozen=True, kw_only=True)
class RunPlanned:
    """The graph is known: `total` tasks, of which `reused` need no computing.

    Attributes:
        total: tasks in the graph.
        reused: tasks that are stored, or only needed by stored ones.
        groups: the tasks to compute, as siblings.
    """

    total: int
    reused: int
    groups: tuple[Group, ...]


@dataclass(frozen=True, kw_only=True)
class TaskStarted:
    """A worker began a task."""

    task_id: str
    name: str
    attempt: int
    worker: str


@dataclass(frozen=True, kw_only=True)
class TaskWaiting:
    """Another run computes the task at this moment; its result will be used."""

    task_id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class TasksHeld:
    """Siblings cannot go on for now; `reason` says in a sentence what they wait for."""

    task_ids: tuple[str, ...]
    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TaskReused:
    """Another run has stored the task's result since this run was planned."""

    task_id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class TaskFinished:
    """This run has computed a task, and its result is stored."""

    record: TaskRecord


@dataclass(frozen=True, kw_only=True)
class TaskFailed:
    """An attempt failed; `will_retry` says whether another one follows."""

    failure: TaskFailure
    will_retry: bool


@dataclass(frozen=True, kw_only=True)
class UpstreamRepaired:
    """What a task reads was missing or damaged: `upstream` is computed again, then the task."""

    failure: TaskFailure
    upstream: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MemoryExceeded:
    """A task used more memory than it declares: its declaration should be raised to `peak_gib`."""

    task_id: str
    name: str
    declared_gib: float
    peak_gib: float


@dataclass(frozen=True, kw_only=True)
class RunInterrupting:
    """A signal arrived; workers finish or drop their current write. A second one kills them."""

    signum: int


@dataclass(frozen=True, kw_only=True)
class RunWarned:
    """What is wrong around the run and does not end it, and what to do, in sentences."""

    words: str


@dataclass(frozen=True, kw_only=True)
class RunFinished:
    """Every target is stored."""

    computed: int
    reused: int
    seconds: float


Event = (
    RunPlanned
    | TaskStarted
    | TaskWaiting
    | TasksHeld
    | TaskReused
    | TaskFinished
    | TaskFailed
    | UpstreamRepaired
    | MemoryExceeded
    | RunInterrupting
    | RunWarned
    | RunFinished
)

Listener = Callable[[Event], None]
