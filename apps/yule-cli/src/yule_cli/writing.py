"""Files that are written whole or not at all, and what is said when the disk takes no more."""

from __future__ import annotations

import errno
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gokart_store import StoreAccessError, StoreWriteError

from yule_cli.errors import StateReadError, StateWriteError

__all__ = ["full_disk_explained", "write_whole"]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}


def write_whole(path: Path, text: str) -> None:
    """Write a text file by a rename: under its name it is complete, or as it was before."""
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        error.filename = str(path)  # a full disk alone names no file
        raise
    finally:
        draft.unlink(missing_ok=True)


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
