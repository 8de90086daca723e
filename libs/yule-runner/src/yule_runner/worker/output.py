"""What a worker in a pod prints: into a file of the store, and from there to whoever follows it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["logged"]

_STDOUT, _STDERR = 1, 2
_COPY_EVERY_S = 0.2
_PART = 1 << 16


@contextmanager
def logged(path: Path) -> Iterator[None]:
    """Send standard output and error to the end of a file, until the block ends.

    A thread copies the file's new lines to where standard output went before. The file is written
    directly, so that it has the last words of a process that is killed.
    """
    _flush()
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    before = [os.dup(_STDOUT), os.dup(_STDERR)]
    start = os.fstat(file).st_size
    for descriptor in (_STDOUT, _STDERR):
        os.dup2(file, descriptor)
    over = threading.Event()
    arguments = (path, start, before[0], over)
    thread = threading.Thread(target=_copy, args=arguments, name="output", daemon=True)
    thread.start()
    try:
        yield
    finally:
        _flush()
        over.set()
        thread.join()
        for saved, descriptor in zip(before, (_STDOUT, _STDERR), strict=True):
            os.dup2(saved, descriptor)
            os.close(saved)
        os.close(file)


def _copy(path: Path, start: int, target: int, over: threading.Event) -> None:
    with path.open("rb") as file:
        file.seek(start)
        while True:
            # Asked before reading: what is written before the end is read after it.
            is_over = over.wait(_COPY_EVERY_S)
            while part := file.read(_PART):
                while part:
                    part = part[os.write(target, part) :]
            if is_over:
                return


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
