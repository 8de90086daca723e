"""The executor protocol: what runs groups of tasks, on this machine or on a cluster.

The runner decides what can start and what failed for good; an executor only carries out work orders
and says what it sees. An executor has no state that outlives it: what is done is decided by what is
stored, and what it finds in flight already, it takes over instead of starting it again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gokart_store import Resources, TaskRecord

from yule_runner.failure import Failure
from yule_runner.order import OrderFile, WorkOrder

__all__ = [
    "Cancelled",
    "Executor",
    "Failed",
    "Finished",
    "Handle",
    "Held",
    "Observation",
    "Started",
    "Submission",
    "Waiting",
    "Warned",
]


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A group of sibling tasks, ready to run.

    Attributes:
        name: the tasks' class with its module, as `mushroom.tasks.labels.LabelRows`.
        resources: what each single task needs.
        order: the order that names the tasks.
        file: the same order, written.
        is_stored: says of one of its tasks whether the result is stored.
    """

    name: str
    resources: Resources
    order: WorkOrder
    file: OrderFile
    is_stored: Callable[[str], bool]


@dataclass(frozen=True, kw_only=True)
class Handle:
    """Work in flight: an executor's name for it, and the tasks it comprises."""

    name: str
    task_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Started:
    """A worker began this task."""

    task_id: str
    worker: str


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Another run computes this task; its worker here waits for that."""

    task_id: str


@dataclass(frozen=True, kw_only=True)
class Held:
    """Some tasks cannot go on for now; `reason` says in a sentence what they wait for."""

    task_ids: tuple[str, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class Finished:
    """The task's result is stored.

    Attributes:
        task_id: the task.
        record: what computing it cost; None where the executor cannot see it.
        is_reused: another run computed it meanwhile; there is no record then.
    """

    task_id: str
    record: TaskRecord | None
    is_reused: bool = False


@dataclass(frozen=True, kw_only=True)
class Failed:
    """The task has failed, and this executor tries it no further.

    Attributes:
        task_id: the task.
        failure: what went wrong in the last attempt.
        log: where the task's output went; None where nobody knows.
        attempts: how many attempts have failed since the task was submitted: an executor may have
            tried again by itself.
    """

    task_id: str
    failure: Failure
    log: Path | None
    attempts: int = 1


@dataclass(frozen=True, kw_only=True)
class Cancelled:
    """The task was in a cancelled handle, and now nothing runs it any more."""

    task_id: str


@dataclass(frozen=True, kw_only=True)
class Warned:
    """Something a person should know that concerns no task by itself; `words` are sentences."""

    words: str


Observation = Started | Waiting | Held | Finished | Failed | Cancelled | Warned


class Executor(Protocol):
    """Runs work orders.

    Every task of a handle ends in exactly one of `Finished`, `Failed` and `Cancelled`.
    """

    def refusal(self, resources: Resources) -> str | None:
        """Say in a sentence why a task with these needs can never run here; None if it can."""

    def submit(self, submission: Submission) -> Handle:
        """Accept a group; its tasks start as resources allow.

        What is in flight among them already, for this run or another, is taken over.
        """

    def observe(self, timeout_s: float) -> Sequence[Observation]:
        """Return what happened since the last call; wait at most `timeout_s` for something.

        Raises:
            ExecutorError: nothing can be run any more.
        """

    def drain(self, handle: Handle) -> None:
        """Start nothing more of a handle; those of its tasks that run may end.

        Where an executor cannot hold tasks back without ending others, it lets them all run.
        """

    def cancel(self, handle: Handle, *, now: bool = False) -> None:
        """Ask the work of a handle to end, leaving no half-written result; `now` kills it.

        Returns at once: `observe` tells when each task is gone. Where work outlives its driver, an
        executor may let go of it instead, for the next run to take over.
        """

    def close(self) -> None:
        """Release everything; what this executor still runs ends."""
