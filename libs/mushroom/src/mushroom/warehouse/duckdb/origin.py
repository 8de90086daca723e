"""Where DuckDB finds its tables: in a folder of files, or in a database file."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import duckdb
from sqlglot import exp

from mushroom.errors import WarehouseError

__all__ = ["DatabaseOrigin", "FolderOrigin", "Origin", "open_origin"]

_ENDINGS = (".parquet", ".csv")


class Origin(Protocol):
    """Tables that a fresh in-memory connection can be given access to."""

    def names(self) -> tuple[str, ...]:
        """The tables' names, sorted."""

    def files(self, table: str) -> tuple[Path, ...]:
        """The files whose bytes decide the content of a table."""

    def attach(self, connection: duckdb.DuckDBPyConnection, tables: tuple[str, ...]) -> None:
        """Make the tables known to a connection, and shut it off from everything else."""

    def node(self, table: str) -> exp.Table:
        """How an attached connection names a table."""


class FolderOrigin:
    """A folder of Parquet and CSV files, each a table named as the file without its ending."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Path] = {}
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() not in _ENDINGS or not path.is_file():
                continue
            if path.stem in self._files:
                raise WarehouseError(
                    f"{folder} holds the table {path.stem!r} twice, as "
                    f"{self._files[path.stem].name} and {path.name}; rename or remove one."
                )
            self._files[path.stem] = path

    def names(self) -> tuple[str, ...]:
        """The tables' names, sorted."""
        return tuple(sorted(self._files))

    def files(self, table: str) -> tuple[Path, ...]:
        """The one file of the table."""
        return (self._files[table],)

    def attach(self, connection: duckdb.DuckDBPyConnection, tables: tuple[str, ...]) -> None:
        """One view for each table; nothing outside the folder can be read afterwards."""
        # DuckDB checks a pattern before it expands it, and then each file that it finds.
        folders = [str(self._folder), _without_wildcards(str(self._folder))]
        connection.execute("SET allowed_directories = $folders", {"folders": folders})
        connection.execute("SET enable_external_access = false")
        for table in tables:
            path = self._files[table]
            text = _without_wildcards(str(path))
            if path.suffix.lower() == ".parquet":
                relation = connection.read_parquet(text)
            else:
                # All rows decide a column's type: no late odd value fails a running query.
                relation = connection.read_csv(text, sample_size=-1)
            relation.create_view(f"table:{table}")

    def node(self, table: str) -> exp.Table:
        """The table's view."""
        return exp.Table(this=exp.to_identifier(f"table:{table}", quoted=True))


class DatabaseOrigin:
    """A DuckDB database file, opened for reading only.

    A table outside the schema `main` is named `schema.table`. The whole file decides the
    content of each table: any change to the file counts as a change of all its tables.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with duckdb.connect() as connection:
            self.attach(connection, ())
            rows = connection.execute(
                "SELECT table_schema, table_name FROM information_schema.tables "
                "WHERE table_catalog = 'source'"
            ).fetchall()
        self._names = {
            (name if schema == "main" else f"{schema}.{name}"): (schema, name)
            for schema, name in rows
        }

    def names(self) -> tuple[str, ...]:
        """The tables' names, sorted."""
        return tuple(sorted(self._names))

    def files(self, table: str) -> tuple[Path, ...]:
        """The database file, and its write-ahead log while there is one."""
        del table
        log = self._path.with_name(self._path.name + ".wal")
        return (self._path, log) if log.exists() else (self._path,)

    def attach(self, connection: duckdb.DuckDBPyConnection, tables: tuple[str, ...]) -> None:
        """Attach the file read-only; no other file can be read afterwards."""
        del tables
        path = exp.Literal.string(str(self._path)).sql(dialect="duckdb")
        connection.execute(f"ATTACH {path} AS source (READ_ONLY, TYPE duckdb)")
        # A view finds the tables that it names without a schema in the current database only.
        connection.execute("USE source")
        connection.execute("SET enable_external_access = false")

    def node(self, table: str) -> exp.Table:
        """The table, qualified by database and schema."""
        schema, name = self._names[table]
        return exp.table_(name, db=schema, catalog="source", quoted=True)


def open_origin(path: Path) -> Origin:
    """The tables at a path.

    Raises:
        WarehouseError: Nothing lies there, or it is no DuckDB database.
    """
    if path.is_dir():
        return FolderOrigin(path)
    if not path.exists():
        raise WarehouseError(f"There is no warehouse at {path}: neither a folder nor a file.")
    try:
        return DatabaseOrigin(path)
    except duckdb.Error as error:
        raise WarehouseError(f"{path} cannot be opened as a DuckDB database: {error}") from error


def _without_wildcards(path: str) -> str:
    # In a pattern DuckDB takes a backslash for the end of a folder's name, on any system.
    if "\\" in path and set("[*?") & set(path):
        raise WarehouseError(
            f"DuckDB cannot read {path}: a path may hold a backslash or one of [, * and ?, but "
            "not both. Rename the file or its folder."
        )
    return "".join(f"[{letter}]" if letter in "[*?" else letter for letter in path)
