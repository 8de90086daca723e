"""sha256 of files, remembered by path, size and times of change."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path

from gokart_store import write_whole

from mushroom.errors import SnapshotChangedError

__all__ = ["FileHashes"]

_State = tuple[int, int, int]
"""Size in bytes, times of the last write and of the last change of anything, in ns."""

_Known = tuple[int, int, int, str]
"""A state, and the sha256 of the bytes in it."""


class FileHashes:
    """Hashes files, each state of a file once.

    A file whose size and times stayed the same counts as unchanged. Times are only compared for
    being the same, so that a clock that was set back misleads nobody; the second one is the
    system's own, which copies and `touch` cannot set.

    Args:
        memo: A JSON file that remembers each file's last state between processes; None: only in
            this object.
    """

    def __init__(self, memo: Path | None = None) -> None:
        self._memo = memo
        self._known: dict[str, _Known] | None = None

    def sha256(self, path: Path) -> str:
        """The hex digest of the file's bytes.

        Raises:
            SnapshotChangedError: The file changed while it was read, or is gone.
        """
        state = _state(path)
        key = os.fspath(path)
        if self._known is None:
            self._known = _read(self._memo)
        if key not in self._known or self._known[key][:3] != state:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if _state(path) != state:
                raise SnapshotChangedError(f"{path} changed while it was read; run again later.")
            self._remember(key, (*state, digest))
        return self._known[key][3]

    def _remember(self, key: str, known: _Known) -> None:
        # Another process may have added its own since; each entry is right by itself.
        self._known = {**(self._known or {}), **_read(self._memo), key: known}
        if self._memo is None:
            return
        with suppress(OSError):  # a disk that takes no more costs time, and nothing else
            self._memo.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._memo, json.dumps(self._known, indent=0, sort_keys=True))


def _state(path: Path) -> _State:
    try:
        stat = path.stat()
    except FileNotFoundError as error:
        raise SnapshotChangedError(f"{path} is gone; bring it back, or plan a new run.") from error
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def _read(memo: Path | None) -> dict[str, _Known]:
    if memo is None:
        return {}
    try:
        found = json.loads(memo.read_text(encoding="utf-8"))
        return {
            key: (int(size), int(written), int(changed), str(digest))
            for key, (size, written, changed, digest) in found.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
