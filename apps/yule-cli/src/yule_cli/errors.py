"""What the `yule` command can fail with, each with its exit code."""

from collections.abc import Sequence
from typing import ClassVar

__all__ = ["CaseError", "RunFailedError", "YuleError"]


class YuleError(Exception):
    """Base class of the errors that the command prints as one message, without a traceback."""

    exit_code: ClassVar[int] = 1


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
    """A task failed for good; what was stored before stays, and the next run goes on from there."""

    exit_code = 3
