"""What `reactivation-list` can fail with, each with its exit code."""

__all__ = ["OutputError", "ReactivationError", "RequestError"]


class ReactivationError(Exception):
    """Base class of the errors that the command prints as one message."""

    exit_code: int = 1


class RequestError(ReactivationError):
    """What was asked for is wrong, or the data cannot answer it."""

    exit_code = 2


class OutputError(ReactivationError):
    """The disk takes no more: it is full, read-only, or closed to this user."""

    exit_code = 3
