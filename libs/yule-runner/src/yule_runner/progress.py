"""Events in words, one line each, for whoever has no better way to show them."""

from __future__ import annotations

import signal
from typing import assert_never

from yule_runner.events import (
    Event,
    MemoryExceeded,
    RunFinished,
    RunInterrupting,
    RunPlanned,
    RunWarned,
    TaskFailed,
    TaskFinished,
    TaskReused,
    TasksHeld,
    TaskStarted,
    TaskWaiting,
    UpstreamRepaired,
)

__all__ = ["describe"]


def describe(event: Event) -> str:  # noqa: PLR0912 - one a kind
    """Return one line about an event.

    Example:
        >>> describe(RunFinished(computed=3, reused=1, seconds=2.04))
        'done: 3 tasks computed, 1 reused, in 2.0 s'
    """
    match event:
        case RunPlanned():
            todo = event.total - event.reused
            line = f"{event.total} tasks: {todo} to compute, {event.reused} reused"
        case TaskStarted():
            again = f", attempt {event.attempt}" if event.attempt > 1 else ""
            line = f"start   {event.name} {event.task_id} on {event.worker}{again}"
        case TaskWaiting():
            line = f"wait    {event.name} {event.task_id} for another run to finish it"
        case TasksHeld():
            line = f"held    {len(event.task_ids)} x {event.name}: {event.reason}"
        case TaskReused():
            line = f"reused  {event.name} {event.task_id}, which another run has computed"
        case TaskFinished(record=record):
            line = f"done    {record.name} {record.task_id} in {record.seconds:.1f} s"
        case TaskFailed(failure=failure):
            then = "trying again" if event.will_retry else "giving up"
            line = f"failed  {failure.name} {failure.task_id}, {then}: {failure.failure.cause}"
        case UpstreamRepaired(failure=failure):
            line = (
                f"repair  {failure.name} {failure.task_id} waits: {len(event.upstream)} of its "
                f"inputs are computed again: {failure.failure.cause}"
            )
        case MemoryExceeded():
            line = (
                f"memory  {event.name} {event.task_id} took {event.peak_gib:.2f} GiB and declares "
                f"{event.declared_gib:g} GiB: raise its declaration"
            )
        case RunInterrupting():
            name = signal.Signals(event.signum).name
            line = f"{name}: ending the workers; once more kills them"
        case RunWarned():
            line = f"warning: {event.words}"
        case RunFinished():
            line = (
                f"done: {event.computed} tasks computed, {event.reused} reused, "
                f"in {event.seconds:.1f} s"
            )
        case _:
            assert_never(event)
    return line
