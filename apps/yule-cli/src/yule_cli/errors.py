"""What the `yule` command can fail with, each with its exit code."""

import signal
from collections.abc import Sequence

__all__ = [
    "CaseError",
    "InterruptedByUser",
    "RunFailedError",
    "StateReadError",
    "StateWriteError",
    "TasksFailedError",
    "YuleError",
]


class YuleError(Exception):
    """Base class of the errors that the command prints as one message, without a traceback."""

    exit_code: int = 1


class CaseError(YuleError):
    """The case file, or a file that it names, asks for something impossible.

    Attributes:
        problems: One full sentence each, with file, line and field where they are known.
    """

    exit_code = 2

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class RunFailedError(YuleError):
    """A run failed; what was stored before stays, and the next run goes on from there."""

    exit_code = 3


class TasksFailedError(RunFailedError):
    """Tasks failed for good, each as often as it may be tried."""


class StateReadError(YuleError):
    """The store cannot be read any more: it is not reached, or closed to this user."""

    exit_code = 3


class StateWriteError(YuleError):
    """The disk takes no more: it is full, read-only, or closed to this user."""

    exit_code = 3


class InterruptedByUser(YuleError):  # noqa: N818 - what happened, as people say it
    """A signal ended the command; what was stored until then is kept."""

    def __init__(self, signum: int) -> None:
        self.exit_code = 128 + signum
        super().__init__(
            f"Interrupted by {signal.Signals(signum).name}. "
            "What is stored is kept: start the same command again to go on."
        )
