"""File locks that the kernel frees when their holder dies, whatever kills it."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

__all__ = ["give_back", "in_use", "take", "unless_in_use"]

_open_here: set[int] = set()


def take(path: Path, on_wait: Callable[[], None]) -> int:
    """Hold a file's lock alone among all processes, until it is given back or the process dies.

    Where the file system knows no such locks, everybody gets it at once.

    Args:
        path: The lock's file.
        on_wait: Called once if somebody else holds the lock, before waiting.

    Returns:
        What to give back.

    Raises:
        OSError: If the file cannot be made.
    """
    is_told = False
    while True:
        descriptor = _made(path)
        try:
            if not _lock(descriptor, wait=False):
                if not is_told:
                    is_told = True
                    on_wait()
                _lock(descriptor, wait=True)
            if _is_at(path, descriptor):
                return descriptor
        except BaseException:
            _close(descriptor)
            raise
        _close(descriptor)


def give_back(path: Path, descriptor: int) -> None:
    """Remove a file whose lock is held, and free the lock; in a forked child, do nothing."""
    if descriptor in _open_here:
        # Still locked: who waits for this file finds it gone then, and makes another.
        with suppress(OSError):
            path.unlink()
        _close(descriptor)


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Hold the lock of one's own folder, so that nobody takes it for a dead process's."""
    descriptor = _opened(folder, os.O_RDONLY)
    try:
        _lock(descriptor, wait=False)
        yield
    finally:
        _close(descriptor)


@contextmanager
def unless_in_use(path: Path) -> Iterator[bool]:
    """Say whether no living process holds the lock of a file or folder, and let none take it."""
    descriptor = _opened(path, os.O_RDONLY)
    try:
        yield _lock(descriptor, wait=False) and _is_at(path, descriptor)
    finally:
        _close(descriptor)


def _lock(descriptor: int, *, wait: bool) -> bool:
    """Lock an open file; return False if somebody else is in the way and `wait` is not set."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # no such locks here
    return True


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether the path still names the open file, and not one that was made after it had gone."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _made(path: Path) -> int:
    try:
        return _opened(path, os.O_RDWR | os.O_CREAT)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _opened(path, os.O_RDWR | os.O_CREAT)


def _opened(path: Path, flags: int) -> int:
    descriptor = os.open(path, flags, 0o666)
    _open_here.add(descriptor)
    return descriptor


def _close(descriptor: int) -> None:
    if descriptor in _open_here:
        _open_here.remove(descriptor)
        os.close(descriptor)


def _close_all() -> None:
    for descriptor in tuple(_open_here):
        _close(descriptor)


# A lock belongs to the open file, which a fork shares: a child would hold what its parent held.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_close_all)
