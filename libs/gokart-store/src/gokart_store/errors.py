"""What can go wrong with stored tasks and their entries."""

__all__ = [
    "CorruptEntryError",
    "GokartStoreError",
    "MissingEntryError",
    "NewerEntryError",
    "ParameterValueError",
    "StoreAccessError",
    "StoreUrlError",
    "StoreWriteError",
    "UnstoredOutputError",
]


class GokartStoreError(Exception):
    """Base class of all errors that this package raises on purpose."""


class ParameterValueError(GokartStoreError, ValueError):
    """A value cannot be a parameter of a stored task."""


class StoreUrlError(GokartStoreError, ValueError):
    """No store can be opened at this URL."""


class MissingEntryError(GokartStoreError):
    """A result was asked for that nobody has stored yet."""


class CorruptEntryError(GokartStoreError):
    """The stored bytes are not those that were written; the entry has been set aside.

    Attributes:
        unique_id: Unique id of the task whose entry is damaged. Running that task again repairs it.
    """

    def __init__(self, message: str, *, unique_id: str) -> None:
        super().__init__(message)
        self.unique_id = unique_id


class NewerEntryError(GokartStoreError):
    """An entry was written by a newer version of this package, and is left as it is."""


class StoreAccessError(GokartStoreError):
    """The store cannot be read: it is not there, not reached, or closed to this user."""


class StoreWriteError(GokartStoreError, OSError):
    """The store takes no more: it is full, read-only, or closed to this user."""


class UnstoredOutputError(GokartStoreError):
    """A task's run() came to its end without storing a result."""
