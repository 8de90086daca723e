"""The manifest of an entry: what it consists of, written last."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from gokart_store.errors import NewerEntryError
from gokart_store.listing import file_sizes

__all__ = ["MANIFEST_NAME", "FileFacts", "Manifest", "file_sha256"]

MANIFEST_NAME = "manifest.json"
_SCHEMA = 1
_PAYLOAD = re.compile(r"files-[0-9a-f]{12}")


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """Size in bytes and sha256 (hexadecimal) of one file."""

    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The files of one entry.

    Attributes:
        payload: Name of the folder, inside the entry, that holds the files.
        files: Facts by file name; a name may hold forward slashes.
        task: What was run: class, version, parameters. For people; nothing depends on it.
    """

    payload: str
    files: Mapping[str, FileFacts]
    task: Mapping[str, Any]

    @classmethod
    def describe(cls, folder: Path, *, payload: str, task: Mapping[str, Any]) -> "Manifest":
        """Describe the files that lie in a folder now."""
        files = {
            name: FileFacts(size=size, sha256=file_sha256(folder / name))
            for name, size in file_sizes(folder).items()
        }
        return cls(payload=payload, files=files, task=task)

    def to_bytes(self) -> bytes:
        """Write the manifest as JSON."""
        document = {
            "schema": _SCHEMA,
            "payload": self.payload,
            "files": {
                name: {"size": facts.size, "sha256": facts.sha256}
                for name, facts in self.files.items()
            },
            "task": self.task,
        }
        return (json.dumps(document, sort_keys=True) + "\n").encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Manifest":
        """Read a manifest.

        Raises:
            ValueError: If the bytes are not a manifest.
            NewerEntryError: If they are one of a schema that only a newer version knows.
        """
        document = json.loads(data)
        schema = document.get("schema") if isinstance(document, dict) else None
        if not isinstance(schema, int) or schema < 1:
            raise ValueError("it does not say which schema it has")
        if schema > _SCHEMA:
            raise NewerEntryError(
                f"A manifest has schema {schema}, and this version of gokart-store knows schema "
                f"{_SCHEMA} at most: the store was written by a newer version. "
                "Upgrade gokart-store, or choose another store."
            )
        try:
            files = {
                name: FileFacts(size=int(facts["size"]), sha256=str(facts["sha256"]))
                for name, facts in document["files"].items()
            }
            manifest = cls(payload=str(document["payload"]), files=files, task=document["task"])
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"a field is missing or of the wrong type: {error!r}") from error
        if not _PAYLOAD.fullmatch(manifest.payload):
            raise ValueError(f"{manifest.payload!r} is not the name of an entry's folder")
        for name in files:
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                raise ValueError(f"the file {name!r} lies outside the entry")
        return manifest


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
