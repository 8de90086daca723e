"""Where DuckDB finds its tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import duckdb
from sqlglot import exp

from mushroom.errors import WarehouseError
from mushroom.warehouse.duckdb.database import DatabaseOrigin
from mushroom.warehouse.duckdb.files import BucketFiles, LocalFiles
from mushroom.warehouse.duckdb.folder import FolderOrigin
from mushroom.warehouse.file_hashes import FileHashes
from mushroom.warehouse.prepared import Addition, PreparedRows, Replacement

__all__ = ["Origin", "open_origin"]


class Origin(Protocol):
    """Tables that a fresh in-memory connection can be given access to."""

    def names(self) -> tuple[str, ...]:
        """The tables' names, sorted."""

    def identity(self, table: str) -> str:
        """What changes if and only if the content of a table does.

        Raises:
            WarehouseError: There is no such table.
        """

    def attach(
        self,
        connection: duckdb.DuckDBPyConnection,
        tables: tuple[str, ...],
        *,
        folders: Sequence[str] = (),
    ) -> None:
        """Make tables known to a connection, and shut it off from everything else.

        Args:
            connection: A fresh connection.
            tables: The tables.
            folders: Folders that it may yet write to and read, as `allowed` names them.

        Raises:
            WarehouseError: There is no such table, or its files do not fit together.
        """

    def node(self, table: str) -> exp.Table:
        """How an attached connection names a table."""

    def refresh(self) -> None:
        """Look anew at which files there are."""

    def is_there_to_write(self, table: str) -> bool:
        """Whether a table that can be written is there already; see `Warehouse.writable`."""

    def write(self, table: str, rows: PreparedRows, how: Replacement | Addition) -> None:
        """Write rows into a table; see `Warehouse.write_rows`."""


def open_origin(place: Path | str, hashes: FileHashes) -> Origin:
    """The tables at a place.

    Args:
        place: A folder, a database file, or the URL of a prefix in a bucket.
        hashes: What is known of files already.

    Raises:
        WarehouseError: Nothing lies there, or it is no DuckDB database.
    """
    if isinstance(place, str):
        return FolderOrigin(BucketFiles(place))
    if place.is_dir():
        return FolderOrigin(LocalFiles(place, hashes))
    if not place.exists():
        raise WarehouseError(f"There is no warehouse at {place}: neither a folder nor a file.")
    try:
        return DatabaseOrigin(place, hashes)
    except duckdb.Error as error:
        raise WarehouseError(f"{place} cannot be opened as a DuckDB database: {error}") from error
