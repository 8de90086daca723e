"""Why a benchmark cannot run."""

__all__ = ["BenchmarkError"]


class BenchmarkError(Exception):
    """A benchmark lacks its data, or what it runs has failed."""
