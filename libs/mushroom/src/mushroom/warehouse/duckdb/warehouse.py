"""The DuckDB warehouse: runs GoogleSQL over local files."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from mushroom.errors import SnapshotChangedError, WarehouseError
from mushroom.names import suggest
from mushroom.query import LocalRows, Query
from mushroom.warehouse.duckdb.compile import compile_query
from mushroom.warehouse.duckdb.origin import open_origin
from mushroom.warehouse.duckdb.types import googlesql_type, result_schema
from mushroom.warehouse.file_hashes import FileHashes

__all__ = ["DuckDBWarehouse"]

_BATCH_ROWS = 65_536
_SETTINGS = {"autoinstall_known_extensions": False}


class DuckDBWarehouse:
    """Tables in local files, read and never written.

    Each query has a connection of its own, in memory, with UTC as its time zone and no access to
    other files.

    Args:
        url: The address that opens the warehouse again.
        path: A folder of Parquet and CSV files, or a DuckDB database file.
        cache: A folder that remembers the files' hashes; None: nowhere.
    """

    def __init__(self, url: str, *, path: Path, cache: Path | None = None) -> None:
        self._url = url
        self._path = path
        self._origin = open_origin(path)
        self._hashes = FileHashes(cache / "file-hashes.json" if cache else None)

    @property
    def url(self) -> str:
        """The address that opens this warehouse again."""
        return self._url

    def tables(self) -> tuple[str, ...]:
        """The tables' names, sorted."""
        return self._origin.names()

    def columns(self, table: str) -> dict[str, str]:
        """The columns of a table, in their order, with their GoogleSQL types."""
        with self._connected((table,), threads=1) as connection:
            node = self._origin.node(table).sql(dialect="duckdb")
            rows = connection.execute(f"DESCRIBE SELECT * FROM {node}").fetchall()  # noqa: S608 (quoted)
        return {row[0]: googlesql_type(row[1]) for row in rows}

    def snapshot(self, tables: Iterable[str]) -> dict[str, str]:
        """Each table with the sha256 of the files that hold it."""
        found = {}
        for table in sorted(set(tables)):
            self._check((table,))
            hashes = [self._hashes.sha256(path) for path in self._origin.files(table)]
            found[table] = hashlib.sha256("\n".join(hashes).encode()).hexdigest()
        return found

    def moment(self, snapshot: Mapping[str, str]) -> str:
        """Empty: files keep no past."""
        self.verify(snapshot)
        return ""

    def verify(self, snapshot: Mapping[str, str]) -> None:
        """Compare the files with the snapshot.

        Raises:
            SnapshotChangedError: A table has changed.
        """
        found = self.snapshot(snapshot)
        for table, identity in snapshot.items():
            if found[table] != identity:
                raise SnapshotChangedError(
                    f"The table {table!r} in {self._url} has changed since the run was planned; "
                    "run again, so that everything reads the same data."
                )

    def run(self, query: Query, *, threads: int = 1) -> pa.Table:
        """All rows of the query."""
        with self._answer(query, threads) as (answer, schema):
            return answer.to_arrow_table().cast(schema)

    def stream(self, query: Query, *, threads: int = 1) -> Iterator[pa.RecordBatch]:
        """The rows of the query batch by batch, in flat memory."""
        with self._answer(query, threads) as (answer, schema):
            for batch in answer.to_arrow_reader(_BATCH_ROWS):
                yield batch.cast(schema)

    @contextmanager
    def _answer(
        self, query: Query, threads: int
    ) -> Iterator[tuple[duckdb.DuckDBPyRelation, pa.Schema]]:
        with self._connected(query.tables, threads=threads) as connection:
            for name, relation in query.relations.items():
                if isinstance(relation, LocalRows):
                    connection.register(f"rows:{name}", relation.rows)
            text = compile_query(query, table=self._origin.node)
            answer = connection.sql(text, params=dict(query.parameters) or None)
            found = answer.limit(0).to_arrow_table().schema
            yield answer, result_schema(found, [str(kind) for kind in answer.types])

    @contextmanager
    def _connected(
        self, tables: tuple[str, ...], *, threads: int
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        self._check(tables)
        names = ", ".join(tables) or "no table"
        try:
            with (
                tempfile.TemporaryDirectory(prefix="mushroom-duckdb-") as spill,
                duckdb.connect(
                    config={**_SETTINGS, "threads": threads, "temp_directory": spill}
                ) as connection,
            ):
                connection.execute("SET TimeZone = 'UTC'")
                self._origin.attach(connection, tables)
                yield connection
        except (duckdb.Error, pa.ArrowException) as error:
            # DuckDB's first paragraph says what is wrong; advice on its own options follows.
            reason = str(error).partition("\n\n")[0].strip()
            raise WarehouseError(
                f"A query that reads {names} in {self._url} failed: {reason}"
            ) from error

    def _check(self, tables: Iterable[str]) -> None:
        known = self.tables()
        for table in tables:
            if table not in known:
                raise WarehouseError(
                    f"{self._path} has no table {table!r}; {suggest(table, known)}"
                )
