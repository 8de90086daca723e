"""What happens where memory does not suffice: a figure, or smaller batches."""

from __future__ import annotations

from yule_models.errors import YuleModelsError

__all__ = ["OutOfMemoryError", "is_out_of_memory", "needed_gib"]

_SAYINGS = ("can't allocate memory", "out of memory", "bad_alloc", "not enough memory")
_COPIES = 4
"""The table, its matrix, what is made of it to be learned from, and that of one column more."""


class OutOfMemoryError(YuleModelsError, MemoryError):
    """Rows did not fit into memory; the message says how much they need."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether a library says, each in its own way, that memory did not suffice."""
    if isinstance(error, OutOfMemoryError):
        return False
    if isinstance(error, MemoryError):
        return True
    # torch has a RuntimeError, and LightGBM an error of its own, of C++'s allocator.
    return isinstance(error, Exception) and any(said in str(error).lower() for said in _SAYINGS)


def needed_gib(rows: int, columns: int) -> float:
    """Return about how much memory a fit to so many values takes, in GiB."""
    return rows * columns * 8 * _COPIES / 2**30
