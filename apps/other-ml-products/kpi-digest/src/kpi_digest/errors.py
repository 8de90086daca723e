"""What `kpi-digest` can fail with, each with its exit code."""

__all__ = ["DigestError", "KpiDigestError", "OutputError"]


class KpiDigestError(Exception):
    """Base class of the errors that the command prints as one message."""

    exit_code: int = 1


class DigestError(KpiDigestError):
    """What was asked for is wrong, or the data cannot answer it."""

    exit_code = 2


class OutputError(KpiDigestError):
    """The disk takes no more: it is full, read-only, or closed to this user."""

    exit_code = 3
