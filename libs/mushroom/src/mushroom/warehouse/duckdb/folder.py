"""A folder of files, or a prefix in a bucket, as a place of tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import duckdb
from sqlglot import exp

from mushroom.errors import WarehouseError
from mushroom.names import suggest
from mushroom.warehouse.duckdb.access import allowed, shut_off
from mushroom.warehouse.duckdb.files import Files
from mushroom.warehouse.duckdb.layout import FileTable, find_table, key_folders, listed_tables
from mushroom.warehouse.duckdb.reading import check_alike, read_files, to_microseconds
from mushroom.warehouse.duckdb.write_file import check_name, write_file
from mushroom.warehouse.prepared import Addition, PreparedRows, Replacement

__all__ = ["FolderOrigin"]


class FolderOrigin:
    """Parquet and CSV files, read in place.

    A table is a file, named without its ending; all data files below a folder, whose `key=value`
    folders are columns; or what a pattern such as `logs/2024-*.parquet` finds.

    Args:
        files: The files.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self._names: tuple[str, ...] = ()
        self._listed: tuple[str, ...] = ()
        self._columns: dict[str, tuple[str, ...]] = {}
        self.refresh()

    def names(self) -> tuple[str, ...]:
        """The tables that lie at the top, sorted; those of deeper folders have names too."""
        return self._listed

    def identity(self, table: str) -> str:
        """A hash of the identities of the table's files, and of the folders that are its data."""
        found = self._find(table)
        parts = sorted((key_folders(name), self._files.identity(name)) for name in found.files)
        lines = [f"{identity} {json.dumps(keys)}" if keys else identity for keys, identity in parts]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def attach(
        self,
        connection: duckdb.DuckDBPyConnection,
        tables: tuple[str, ...],
        *,
        folders: Sequence[str] = (),
    ) -> None:
        """One view for each table; nothing outside their folders can be read afterwards."""
        found = {table: self._find(table) for table in tables}
        paths = {table: self._files.paths(files.files) for table, files in found.items()}
        linked = {str(path.resolve().parent) for of_table in paths.values() for path in of_table}
        shut_off(connection, [*allowed(self._files.folder), *sorted(linked), *folders])
        for table, files in found.items():
            if table not in self._columns:
                self._columns[table] = check_alike(connection, files, paths[table])
            relation = read_files(connection, files, paths[table], self._columns[table])
            to_microseconds(relation).create_view(f"table:{table}")

    def node(self, table: str) -> exp.Table:
        """The table's view."""
        return exp.Table(this=exp.to_identifier(f"table:{table}", quoted=True))

    def refresh(self) -> None:
        """List the files anew."""
        self._names = self._files.names()
        self._listed = listed_tables(self._names)
        self._columns.clear()

    def is_there_to_write(self, table: str) -> bool:
        """Whether a table is there, as a Parquet file of its own at the top of the folder."""
        check_name(table)
        self.refresh()
        file = f"{table}.parquet"
        self._files.path_to_write(file)
        found = find_table(self._names, table)
        if found is not None and found.files != (file,):
            raise WarehouseError(
                f"The table {table!r} in {self._files.place} is made of {found.files[0]} and what "
                f"belongs to it; only a table that is the one file {file} can be written."
            )
        return found is not None

    def write(self, table: str, rows: PreparedRows, how: Replacement | Addition) -> None:
        """Write rows into a table's file."""
        self.is_there_to_write(table)
        write_file(self._files.path_to_write(f"{table}.parquet"), table, rows, how)
        self.refresh()

    def _find(self, table: str) -> FileTable:
        found = find_table(self._names, table)
        if found is None:
            raise WarehouseError(
                f"{self._files.place} has no table {table!r}; {suggest(table, self._listed)}"
            )
        return found
