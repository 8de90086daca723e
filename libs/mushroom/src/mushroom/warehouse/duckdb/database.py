"""A DuckDB database file as a place of tables."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import duckdb
from sqlglot import exp

from mushroom.errors import WarehouseError
from mushroom.names import suggest
from mushroom.warehouse.duckdb.access import shut_off
from mushroom.warehouse.duckdb.reading import to_microseconds
from mushroom.warehouse.duckdb.write_database import LEDGER_SCHEMA, write_into
from mushroom.warehouse.duckdb.write_file import check_name
from mushroom.warehouse.file_hashes import FileHashes
from mushroom.warehouse.prepared import Addition, PreparedRows, Replacement

__all__ = ["DatabaseOrigin"]


class DatabaseOrigin:
    """A DuckDB database file, opened for reading only but while a table is written.

    A table outside the schema `main` is named `schema.table`. The whole file decides the
    content of each table: any change to the file counts as a change of all its tables.

    Args:
        path: The file.
        hashes: What is known of files already.
    """

    def __init__(self, path: Path, hashes: FileHashes) -> None:
        self._path = path
        self._hashes = hashes
        self._names: dict[str, tuple[str, str]] = {}
        self.refresh()

    def names(self) -> tuple[str, ...]:
        """The tables' names, sorted."""
        return tuple(sorted(self._names))

    def identity(self, table: str) -> str:
        """That of the database file, and of its write-ahead log while there is one."""
        self._qualified(table)
        log = self._path.with_name(self._path.name + ".wal")
        paths = (self._path, log) if log.exists() else (self._path,)
        hashes = [self._hashes.sha256(path) for path in paths]
        return hashlib.sha256("\n".join(hashes).encode()).hexdigest()

    def attach(
        self,
        connection: duckdb.DuckDBPyConnection,
        tables: tuple[str, ...],
        *,
        folders: Sequence[str] = (),
    ) -> None:
        """A view for each table of the file, attached read-only; no other file can be read then."""
        found = {table: self._qualified(table) for table in tables}
        path = exp.Literal.string(str(self._path)).sql(dialect="duckdb")
        connection.execute(f"ATTACH {path} AS source (READ_ONLY, TYPE duckdb)")
        # A view finds the tables that it names without a schema in the current database only.
        connection.execute("USE source")
        shut_off(connection, folders)
        for table, (schema, name) in found.items():
            source = exp.table_(name, db=schema, catalog="source", quoted=True).sql("duckdb")
            rows = to_microseconds(connection.sql(f"FROM {source}")).sql_query()
            view = self.node(table).sql("duckdb")
            connection.execute(f"CREATE TEMP VIEW {view} AS {rows}")

    def node(self, table: str) -> exp.Table:
        """The table's view."""
        return exp.Table(this=exp.to_identifier(f"table:{table}", quoted=True))

    def refresh(self) -> None:
        """List the tables anew."""
        with duckdb.connect() as connection:
            self.attach(connection, ())
            rows = connection.execute(
                "SELECT table_schema, table_name FROM information_schema.tables "
                "WHERE table_catalog = 'source' AND table_schema <> $ledger",
                {"ledger": LEDGER_SCHEMA},
            ).fetchall()
        self._names = {
            (name if schema == "main" else f"{schema}.{name}"): (schema, name)
            for schema, name in rows
        }

    def is_there_to_write(self, table: str) -> bool:
        """Whether a table is there already."""
        if table not in self._names:
            check_name(table)
        return table in self._names

    def write(self, table: str, rows: PreparedRows, how: Replacement | Addition) -> None:
        """Write rows into a table in a transaction of its own."""
        self.is_there_to_write(table)
        above, _, name = table.rpartition(".")
        write_into(self._path, self._names.get(table, (above or "main", name)), rows, how)
        self.refresh()

    def _qualified(self, table: str) -> tuple[str, str]:
        if table not in self._names:
            raise WarehouseError(
                f"{self._path} has no table {table!r}; {suggest(table, self._names)}"
            )
        return self._names[table]
