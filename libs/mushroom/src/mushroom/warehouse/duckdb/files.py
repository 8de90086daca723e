"""The files that tables are made of: in a folder of this machine, or in a bucket."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gokart_store import GokartStoreError, ObjectFolder

from mushroom.errors import WarehouseError
from mushroom.warehouse.file_hashes import FileHashes

if TYPE_CHECKING:
    from gokart_store.stores.gcs.objects import ObjectState

__all__ = ["BucketFiles", "Files", "LocalFiles"]


class Files(Protocol):
    """Files by their names, with folders, below one place."""

    @property
    def place(self) -> str:
        """What messages call the place."""

    @property
    def folder(self) -> Path:
        """The folder of this machine that everything that is read lies in."""

    def names(self) -> tuple[str, ...]:
        """The names of all files there are now."""

    def identity(self, name: str) -> str:
        """What changes if and only if the content of a file does."""

    def paths(self, names: Iterable[str]) -> list[Path]:
        """Where on this machine the files lie."""

    def path_to_write(self, name: str) -> Path:
        """Where a file is written.

        Raises:
            WarehouseError: None can be written there.
        """


class LocalFiles:
    """The files below a folder; their identity is their sha256.

    Args:
        folder: The folder.
        hashes: What is known of files already.
    """

    def __init__(self, folder: Path, hashes: FileHashes) -> None:
        self._folder = folder
        self._hashes = hashes

    @property
    def place(self) -> str:
        """The folder."""
        return str(self._folder)

    @property
    def folder(self) -> Path:
        """The folder."""
        return self._folder

    def names(self) -> tuple[str, ...]:
        """The names of all files, but for those in folders whose name begins with a dot."""
        return tuple(sorted(_walk(self._folder, self._folder, frozenset())))

    def identity(self, name: str) -> str:
        """The sha256 of a file."""
        return self._hashes.sha256(self._folder / name)

    def paths(self, names: Iterable[str]) -> list[Path]:
        """The files, in place."""
        return [self._folder / name for name in names]

    def path_to_write(self, name: str) -> Path:
        """The file, in place."""
        return self._folder / name


class BucketFiles:
    """The objects below a prefix; their identity is the checksum that the bucket tells.

    Only what a query reads is fetched, and kept in the cache folder of `gokart_store`.

    Args:
        url: `gs://bucket/prefix`.

    Raises:
        WarehouseError: The URL names no bucket, or the extra `gcs` is not installed.
    """

    def __init__(self, url: str) -> None:
        try:
            self._objects = ObjectFolder(url)
        except GokartStoreError as error:
            raise WarehouseError(str(error)) from error
        self._states: dict[str, ObjectState] = {}

    @property
    def place(self) -> str:
        """The prefix's URL."""
        return self._objects.url

    @property
    def folder(self) -> Path:
        """Where copies lie."""
        return self._objects.folder

    def names(self) -> tuple[str, ...]:
        """The names of all objects: one request for each 1000."""
        try:
            self._states = self._objects.states()
        except GokartStoreError as error:
            raise WarehouseError(str(error)) from error
        return tuple(sorted(self._states))

    def identity(self, name: str) -> str:
        """The object's MD5; where a composed object has none, its generation and crc32c."""
        state = self._states[name]
        return f"md5 {state.md5}" if state.md5 else f"{state.crc32c} {state.generation}"

    def paths(self, names: Iterable[str]) -> list[Path]:
        """Copies of the objects as they were when `names` was asked."""
        try:
            return list(self._objects.copies({name: self._states[name] for name in names}).values())
        except GokartStoreError as error:
            raise WarehouseError(str(error)) from error

    def path_to_write(self, name: str) -> Path:
        """Nowhere: what lies in a bucket is read only."""
        raise WarehouseError(
            f"{name} cannot be written into {self.place}: tables in a bucket are read only. Write "
            "into a folder, a DuckDB database or BigQuery."
        )


def _walk(folder: Path, root: Path, above: frozenset[Path]) -> Iterator[str]:
    above |= {folder.resolve()}
    with os.scandir(folder) as entries:
        for entry in entries:
            path = folder / entry.name
            if entry.is_file():
                yield path.relative_to(root).as_posix()
            elif (
                entry.is_dir()
                and not entry.name.startswith(".")
                and path.resolve() not in above  # as a link may lead back up
            ):
                yield from _walk(path, root, above)
