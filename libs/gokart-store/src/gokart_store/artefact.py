"""A stored folder, read file by file, each verified before it is handed out."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gokart_store.entry import Entry
from gokart_store.errors import MissingEntryError

__all__ = ["Artefact"]


class Artefact:
    """The files of one entry.

    Args:
        entry: The entry; its manifest is read once, here.
    """

    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self._manifest = entry.manifest()
        self._verified: dict[str, Path] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files, sorted; a name may hold forward slashes."""
        return tuple(sorted(self._manifest.files))

    def path(self, name: str) -> Path:
        """Return the local path of a file, or of a folder of files, after verifying every byte.

        Raises:
            MissingEntryError: If the artefact has no such file.
            CorruptEntryError: If the bytes are not those that were written.
        """
        if name in self._manifest.files:
            return self._verify(name)
        members = [member for member in self.names if member.startswith(f"{name}/")]
        if not members:
            raise MissingEntryError(
                f"{self._entry.prefix} has no file {name!r}; it has {', '.join(self.names)}."
            )
        first = self._verify(members[0])
        for member in members[1:]:
            self._verify(member)
        return first.parents[members[0].removeprefix(f"{name}/").count("/")]

    def json(self, name: str) -> Any:
        """Return the value of a JSON file."""
        return json.loads(self.path(name).read_bytes())

    def table(self, name: str) -> pa.Table:
        """Return the table of a Parquet file."""
        return pq.ParquetFile(self.path(name)).read()

    def _verify(self, name: str) -> Path:
        # A remote store's copy may be gone, if it was not used for long.
        if name not in self._verified or not self._verified[name].exists():
            self._verified[name] = self._entry.verified_path(self._manifest, name)
        return self._verified[name]
