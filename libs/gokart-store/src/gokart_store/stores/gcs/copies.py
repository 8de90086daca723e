"""Copies of a bucket's files on this machine: fetched once for all its processes."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gokart_store.stores.locks import give_back, take

__all__ = ["Copies"]

_DAY_S = 24 * 3600.0
_UNUSED_S = 30 * _DAY_S
_IN_USE_S = 3600.0


class Copies:
    """Keeps each file under its key below `objects/`; the time of a file is that of its last use.

    A rename brings a file there, so that whoever looks sees all of it or nothing. Whether it is
    what was stored is for the caller to verify.

    Args:
        root: The cache folder of one store.
        limit_bytes: What `objects/` of this store and of its siblings may hold together.
    """

    def __init__(self, root: Path, *, limit_bytes: float) -> None:
        self._root = root
        self._limit_bytes = limit_bytes

    @property
    def folder(self) -> Path:
        """The folder that all files lie in."""
        return self._root / "objects"

    def get(
        self, parts: tuple[str, ...], fetch: Callable[[Path], bool], *, may_be_kept: bool
    ) -> Path:
        """Return the file of a key; where there is none in the bucket, a path with nothing there.

        Args:
            parts: The key.
            fetch: Writes what is in the bucket now to a path; returns False if nothing is.
            may_be_kept: Whether a copy from before will do.
        """
        path = self._path(parts)
        if may_be_kept and _use(path):
            return path
        with self._alone(path):
            if may_be_kept and _use(path):  # another process has fetched it meanwhile
                return path
            draft = self._root / "tmp" / uuid.uuid4().hex
            draft.parent.mkdir(parents=True, exist_ok=True)
            try:
                if fetch(draft):
                    _move(draft, path)
                else:
                    path.unlink(missing_ok=True)
            finally:
                draft.unlink(missing_ok=True)
        self._tidy_daily()
        return path

    def keep(self, folder: Path, parts: tuple[str, ...]) -> None:
        """Take over a folder that was published under a key: this machine need not fetch it."""
        with suppress(OSError):
            _move(folder, self._path(parts))
            self._tidy_daily()

    def tidy(self) -> None:
        """Delete what was not used for 30 days, and above the limit what was used longest ago.

        What was used within the last hour stays.
        """
        now = time.time()
        files = sorted(_files(self._root.parent))
        left = sum(size for _, size, _ in files)
        for used, size, path in files:
            is_old = now - used > _UNUSED_S
            if not is_old and (left <= self._limit_bytes or now - used < _IN_USE_S):
                break
            with suppress(OSError):
                path.unlink()
                left -= size

    def _tidy_daily(self) -> None:
        stamp = self._root.parent / "tidied"
        with suppress(OSError):
            if stamp.exists() and time.time() - stamp.stat().st_mtime < _DAY_S:
                return
            stamp.touch()
            self.tidy()

    def _path(self, parts: tuple[str, ...]) -> Path:
        return self.folder.joinpath(*parts)

    @contextmanager
    def _alone(self, path: Path) -> Iterator[None]:
        """Hold a file alone among the processes of this machine."""
        lock = self._root / "fetches" / hashlib.sha256(os.fsencode(path)).hexdigest()
        descriptor = take(lock, lambda: None)
        try:
            yield
        finally:
            give_back(lock, descriptor)


def _use(path: Path) -> bool:
    """Whether there is a copy; notes that it was used."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return path.is_file()


def _move(source: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    source.rename(path)


def _files(root: Path) -> Iterator[tuple[float, int, Path]]:
    for path in root.glob("*/objects/**/*"):
        with suppress(FileNotFoundError):
            status = path.stat()
            if path.is_file():
                yield status.st_mtime, status.st_size, path
