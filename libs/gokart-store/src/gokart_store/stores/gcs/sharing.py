"""Folders that are written on one machine and seen from others, some seconds later."""

from __future__ import annotations

import base64
import hashlib
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from gokart_store.errors import GokartStoreError
from gokart_store.stores.gcs.objects import Objects
from gokart_store.stores.locks import in_use, unless_in_use

__all__ = ["bring", "sharing"]

_log = logging.getLogger(__name__)


@contextmanager
def sharing(folder: Path, objects: Objects, prefix: str, *, every_s: float) -> Iterator[None]:
    """Keep the objects of a prefix like the files of a folder, until the block ends.

    What somebody left under the prefix and is not in the folder is deleted there. A bucket that
    does not answer is no error, only a warning: these files are for looking on.
    """
    mirror = _Mirror(folder, objects, prefix)
    ended = threading.Event()

    def run() -> None:
        while not ended.wait(every_s):
            mirror.renew()

    thread = threading.Thread(target=run, name="gokart-store-sharing", daemon=True)
    with in_use(folder):
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            mirror.renew()


def bring(folder: Path, objects: Objects, prefix: str) -> None:
    """Make a folder like the objects of a prefix, unless a process of this machine writes there."""
    with unless_in_use(folder) as is_free:
        if not is_free:
            return
        found = objects.facts(prefix)
        below = {name.removeprefix(prefix): facts for name, facts in found.items()}
        names = {name: facts for name, facts in below.items() if _is_file_name(name)}
        for path in _files(folder):
            if path.relative_to(folder).as_posix() not in names:
                path.unlink()
        for name, facts in names.items():
            path = folder / name
            if path.is_file() and _facts(path) == facts:
                continue
            data = objects.read(prefix + name)
            if data is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                _renew(path, data)


class _Mirror:
    """Uploads what has changed since the last time, and deletes what is gone."""

    def __init__(self, folder: Path, objects: Objects, prefix: str) -> None:
        self._folder = folder
        self._objects = objects
        self._prefix = prefix
        self._sent: dict[str, tuple[int, int] | None] | None = None

    def renew(self) -> None:
        """Bring the bucket up to date."""
        try:
            self._renew()
        except (GokartStoreError, OSError) as error:
            _log.warning("%s is not shared for now: %s", self._folder, error)

    def _renew(self) -> None:
        if self._sent is None:
            found = self._objects.facts(self._prefix)
            self._sent = {name.removeprefix(self._prefix): None for name in found}
        there = {}
        for path in _files(self._folder):
            status = path.stat()
            there[path.relative_to(self._folder).as_posix()] = (status.st_size, status.st_mtime_ns)
        for name in self._sent.keys() - there.keys():
            self._objects.delete([self._prefix + name])
            del self._sent[name]
        for name, stamp in there.items():
            if self._sent.get(name) != stamp:
                self._objects.write(self._prefix + name, (self._folder / name).read_bytes())
                self._sent[name] = stamp


def _renew(path: Path, data: bytes) -> None:
    """Give a file its content, in place: whoever reads it at this moment, as TensorBoard, goes on.

    A file that has grown is only appended to, so that it is never shorter than it was.
    """
    with path.open("ab+") as file:
        file.seek(0)
        before = file.read()
        if data.startswith(before):
            file.write(data[len(before) :])
        else:
            file.truncate(0)
            file.write(data)


def _is_file_name(name: str) -> bool:
    """Whether an object stands for a file that lies in the folder, whoever has put it there."""
    path = PurePosixPath(name)
    return str(path) == name != "." and not path.is_absolute() and ".." not in path.parts


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _facts(path: Path) -> tuple[int, str]:
    data = path.read_bytes()
    digest = hashlib.md5(data, usedforsecurity=False).digest()
    return len(data), base64.b64encode(digest).decode()
