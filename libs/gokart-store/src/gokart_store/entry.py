"""One task's place in a store: complete with its manifest, or not there at all."""

import json
import logging
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gokart_store.errors import (
    CorruptEntryError,
    MissingEntryError,
    NewerEntryError,
    UnstoredOutputError,
)
from gokart_store.manifest import MANIFEST_NAME, FileFacts, Manifest, file_sha256
from gokart_store.stores import Store

__all__ = ["Entry"]

_log = logging.getLogger(__name__)
_RECORD_NAME = "record.json"
_SET_ASIDE_NAME = "manifest.set-aside.json"


class Entry:
    """The stored result of one task.

    The files lie in a folder of their own with a random name; the manifest that names that folder
    is written last, atomically. So two writers never touch each other's files, and a killed writer
    leaves an entry that is not complete.

    Args:
        store: Where the entry lies.
        prefix: The entry's folder in the store.
        unique_id: Unique id of the task.
    """

    def __init__(self, store: Store, prefix: str, unique_id: str) -> None:
        self.store = store
        self.prefix = prefix
        self.unique_id = unique_id

    def is_complete(self) -> bool:
        """Say whether a manifest stands and every file it names has the size it says.

        A store that keeps what it has confirmed is asked for the manifest alone. An entry that is
        damaged is set aside.

        Raises:
            NewerEntryError: If a newer version has written it.
        """
        manifest = self._read_manifest()
        return manifest is not None and self._has_sizes(manifest)

    def manifest(self) -> Manifest:
        """Return the manifest.

        Raises:
            MissingEntryError: If nothing complete is stored here.
            NewerEntryError: If a newer version has written it.
        """
        manifest = self._read_manifest()
        if manifest is None:
            raise MissingEntryError(
                f"Nothing is stored at {self.store.url}/{self.prefix}; run its task first."
            )
        return manifest

    def verified_path(self, manifest: Manifest, name: str) -> Path:
        """Return the local file of one name, after comparing its sha256 with the manifest.

        Raises:
            CorruptEntryError: If the bytes differ. The entry is set aside, so that its task counts
                as not yet run.
        """
        key = f"{self.prefix}/{manifest.payload}/{name}"
        # A copy on this machine may be damaged where the store is not: then it is fetched anew.
        for may_be_kept in (True, False):
            path = self.store.local_path(key, may_be_kept=may_be_kept)
            if _is_intact(path, manifest.files[name]):
                return path
        raise self._set_aside(f"{name} is not what was written", manifest.payload)

    @contextmanager
    def writing(self, task: Mapping[str, Any]) -> Iterator[Path]:
        """Lend a folder; what lies in it when the block ends becomes the entry, all at once.

        Raises:
            UnstoredOutputError: If the folder is empty at the end.
            StoreWriteError: If the store is full or read-only; the entry stays as it was.
        """
        with self.store.scratch() as folder:
            yield folder
            payload = f"files-{uuid.uuid4().hex[:12]}"
            manifest = Manifest.describe(folder, payload=payload, task=task)
            if not manifest.files:
                raise UnstoredOutputError(f"No file was written for {self.prefix}.")
            self.store.publish(folder, f"{self.prefix}/{payload}")
            self.store.write_bytes(f"{self.prefix}/{MANIFEST_NAME}", manifest.to_bytes())

    def _set_aside(self, reason: str, payload: str | None = None) -> CorruptEntryError:
        """Make the entry count as not stored, keep its files for inspection, return the error.

        Where the manifest by now names files other than the damaged `payload`, somebody has
        repaired the entry meanwhile, and it stays.
        """
        data = self.store.read_bytes(f"{self.prefix}/{MANIFEST_NAME}")
        if data is not None and (payload is None or payload.encode() in data):
            self.store.write_bytes(f"{self.prefix}/{_SET_ASIDE_NAME}", data)
            self.store.delete(f"{self.prefix}/{MANIFEST_NAME}")
        message = (
            f"The entry {self.store.url}/{self.prefix} is damaged ({reason}) and was set aside; "
            "running its task again stores it anew."
        )
        _log.warning("%s", message)
        return CorruptEntryError(message, unique_id=self.unique_id)

    def delete(self) -> None:
        """Delete the entry with everything beside it."""
        self.store.delete(f"{self.prefix}/{MANIFEST_NAME}")
        self.store.delete(self.prefix)

    def write_record(self, record: Mapping[str, Any]) -> None:
        """Put facts about the computation (seconds, memory) beside the entry."""
        data = json.dumps(dict(record), sort_keys=True).encode()
        self.store.write_bytes(f"{self.prefix}/{_RECORD_NAME}", data)

    def read_record(self) -> dict[str, Any] | None:
        """Return the facts about the computation, or None where they were never written."""
        data = self.store.read_bytes(f"{self.prefix}/{_RECORD_NAME}")
        try:
            record = None if data is None else json.loads(data)
        except ValueError:
            return None
        return record if isinstance(record, dict) else None

    def _read_manifest(self) -> Manifest | None:
        data = self.store.read_bytes(f"{self.prefix}/{MANIFEST_NAME}")
        if data is None:
            return None
        try:
            return Manifest.from_bytes(data)
        except NewerEntryError as error:
            raise NewerEntryError(f"{self.store.url}/{self.prefix}: {error}") from error
        except ValueError as error:
            self._set_aside(f"its manifest cannot be read: {error}")
            return None

    def _has_sizes(self, manifest: Manifest) -> bool:
        sizes = {name: facts.size for name, facts in manifest.files.items()}
        wrong = self.store.misfit(f"{self.prefix}/{manifest.payload}", sizes)
        if wrong is not None:
            self._set_aside(f"{wrong} is missing or of another size", manifest.payload)
        return wrong is None


def _is_intact(path: Path, facts: FileFacts) -> bool:
    try:
        return path.stat().st_size == facts.size and file_sha256(path) == facts.sha256
    except FileNotFoundError:
        return False
