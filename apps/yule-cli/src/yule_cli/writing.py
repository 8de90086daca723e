"""What is said when the disk takes no more."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gokart_store import StoreAccessError, StoreWriteError

from yule_cli.errors import StateReadError, StateWriteError

__all__ = ["full_disk_explained"]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def full_disk_explained(root: Path) -> Iterator[None]:
    """Say what to do where the disk takes no more.

    Args:
        root: The state folder.

    Raises:
        StateWriteError: Instead of the system's error.
        StateReadError: If a store elsewhere does not answer.
    """
    try:
        yield
    except StoreAccessError as error:
        raise StateReadError(str(error)) from error
    except StoreWriteError as error:
        raise StateWriteError(str(error)) from error
    except OSError as error:
        if error.errno not in _FULL | _CLOSED:
            raise
        advice = "Free some space" if error.errno in _FULL else "Make it writable"
        raise StateWriteError(
            f"{error.filename or root} cannot be written: {error.strerror}. {advice}, and run the "
            "case again: what was stored and published before is intact, and is not computed twice."
        ) from error
