"""Every error that yule_runner raises on purpose derives from `YuleRunnerError`."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yule_runner.failure import TaskFailure

__all__ = [
    "ExecutorError",
    "GraphError",
    "OrderError",
    "ResourcesError",
    "RunFailed",
    "RunInterrupted",
    "SourceError",
    "YuleRunnerError",
]


_REPORTED = 3


class YuleRunnerError(Exception):
    """Base of this package's errors; `exit_code` is what a command line leaves with."""

    exit_code: int = 1


class SourceError(YuleRunnerError):
    """A graph source is malformed, or names a factory that is not installed."""

    exit_code = 2


class GraphError(YuleRunnerError):
    """The tasks of a factory do not form a graph that can be run."""

    exit_code = 2


class ResourcesError(YuleRunnerError):
    """A task needs more than the executor will ever have."""

    exit_code = 2


class OrderError(YuleRunnerError):
    """A work order cannot be trusted or understood."""

    exit_code = 64


class ExecutorError(YuleRunnerError):
    """An executor cannot go on, whatever the tasks are."""

    exit_code = 70


class RunFailed(YuleRunnerError):  # noqa: N818 - what happened to the run, as its users say it
    """At least one task failed for good; everything that was running has ended.

    Attributes:
        failures: the last failure of each failed task, in order of occurrence.
        not_run: how many needed tasks were left alone because of them.
    """

    exit_code = 65

    def __init__(self, failures: tuple[TaskFailure, ...], *, not_run: int) -> None:
        self.failures = failures
        self.not_run = not_run
        tasks = "1 task" if len(failures) == 1 else f"{len(failures)} tasks"
        parts = [f"The run failed: {tasks} failed, and {not_run} more were not run."]
        parts += [failure.report() for failure in failures[:_REPORTED]]
        if len(failures) > _REPORTED:
            parts.append(f"Failures left out here: {len(failures) - _REPORTED}.")
        super().__init__("\n\n".join(parts))


class RunInterrupted(YuleRunnerError):  # noqa: N818 - as RunFailed
    """A signal ended the run; everything stored until then is kept."""

    def __init__(self, signum: int, *, unfinished: int) -> None:
        self.signum = signum
        self.exit_code = 128 + signum
        name = signal.Signals(signum).name
        super().__init__(
            f"The run was interrupted by {name} with {unfinished} tasks to go. "
            "What is stored is kept: start the same run again to go on."
        )
