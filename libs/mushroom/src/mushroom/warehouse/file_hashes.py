"""sha256 of files, remembered by path, size and time of change."""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from pathlib import Path

from mushroom.errors import SnapshotChangedError

__all__ = ["FileHashes"]


class FileHashes:
    """Hashes files, each state of a file once.

    A file whose size and modification time stayed the same counts as unchanged.

    Args:
        memo: a JSON file that remembers hashes between processes; None: only in this object.
    """

    def __init__(self, memo: Path | None = None) -> None:
        self._memo = memo
        self._known: dict[str, str] | None = None

    def sha256(self, path: Path) -> str:
        """The hex digest of the file's bytes.

        Raises:
            SnapshotChangedError: the file changed while it was read.
        """
        key = _state(path)
        known = self._load()
        if key not in known:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if _state(path) != key:
                raise SnapshotChangedError(
                    f"{path} changed while it was read; run again once it rests."
                )
            known[key] = digest
            self._store()
        return known[key]

    def _load(self) -> dict[str, str]:
        if self._known is None:
            self._known = _read(self._memo) if self._memo else {}
        return self._known

    def _store(self) -> None:
        if self._memo is None:
            return
        # Another process may have added its own since; the union of two correct memos is correct.
        self._known = {**_read(self._memo), **self._load()}
        self._memo.parent.mkdir(parents=True, exist_ok=True)
        draft = self._memo.with_name(f".{self._memo.name}.{uuid.uuid4().hex}")
        draft.write_text(json.dumps(self._known, indent=0, sort_keys=True), encoding="utf-8")
        draft.replace(self._memo)


def _state(path: Path) -> str:
    stat = path.stat()
    return json.dumps([os.fspath(path), stat.st_size, stat.st_mtime_ns])


def _read(memo: Path) -> dict[str, str]:
    try:
        found = json.loads(memo.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {key: value for key, value in found.items() if isinstance(value, str)}
