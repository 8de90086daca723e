"""Why a task did not end well: as a worker tells it, and as a person reads it."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gokart_store import CorruptEntryError, NewerEntryError, StoreAccessError, StoreWriteError

__all__ = ["Failure", "FailureKind", "TaskFailure", "failure_of"]

# What they say is whole: where in the task the store was asked tells nothing more.
_OF_THE_STORE = (NewerEntryError, StoreAccessError, StoreWriteError)
_SHOWN_CHARACTERS = 200
_SHOWN_TRACEBACK_LINES = 30


class FailureKind(StrEnum):
    """What went wrong, as far as it decides what to do next."""

    ERROR = "error"
    """The task raised an exception."""
    CORRUPT = "corrupt"
    """Something stored that the task reads does not verify."""
    LOST = "lost"
    """The worker died while it ran the task."""
    UNPLACED = "unplaced"
    """No worker could be had for the task, and waiting longer would not change that."""
    ORDER = "order"
    """The worker could not carry out the order; another try would end the same way."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One failed attempt, as observed.

    Attributes:
        kind: what went wrong.
        cause: one sentence or the exception's last line.
        traceback: the end of the traceback; empty where there is none, or it tells nothing.
    """

    kind: FailureKind
    cause: str
    traceback: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskFailure:
    """A failed attempt of a known task.

    Attributes:
        task_id: the task's unique id.
        name: its class name.
        parameters: its significant parameters as text.
        failure: what went wrong.
        attempt: 1 for the first try.
        log: where the task's own output is; None when the executor keeps none.
    """

    task_id: str
    name: str
    parameters: Mapping[str, str]
    failure: Failure
    attempt: int
    log: Path | None

    def report(self) -> str:
        """Return a few lines for a person: the task, its parameters, the cause, the log."""
        lines = [f"{self.name} {self.task_id} failed on attempt {self.attempt}"]
        lines += [f"  {name} = {_shortened(value)}" for name, value in self.parameters.items()]
        lines.append(f"  cause: {self.failure.cause}")
        lines += [f"    {line}" for line in self.failure.traceback.splitlines()]
        if self.log is not None:
            lines.append(f"  log: {self.log}")
        return "\n".join(lines)


def failure_of(error: BaseException) -> Failure:
    """Describe the exception that ended a task."""
    if isinstance(error, _OF_THE_STORE):
        return Failure(kind=FailureKind.ERROR, cause=str(error))
    corrupt = isinstance(error, CorruptEntryError)
    lines = "".join(traceback.format_exception(error)).splitlines()
    return Failure(
        kind=FailureKind.CORRUPT if corrupt else FailureKind.ERROR,
        cause="".join(traceback.format_exception_only(error)).strip(),
        traceback="\n".join(lines[-_SHOWN_TRACEBACK_LINES:]),
    )


def _shortened(value: str) -> str:
    return value if len(value) <= _SHOWN_CHARACTERS else f"{value[:_SHOWN_CHARACTERS]}…"
