"""The DuckDB warehouse: runs GoogleSQL over local files."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from mushroom.errors import SnapshotChangedError, WarehouseError
from mushroom.names import check_text, texts
from mushroom.query import Query
from mushroom.warehouse.duckdb.access import allowed
from mushroom.warehouse.duckdb.answers import all_rows, answer_of, schema_of
from mushroom.warehouse.duckdb.compile import compile_query
from mushroom.warehouse.duckdb.origin import open_origin
from mushroom.warehouse.duckdb.pieces import Pieces, evenly
from mushroom.warehouse.duckdb.refusals import refusals
from mushroom.warehouse.duckdb.settings import settings
from mushroom.warehouse.duckdb.types import googlesql_type
from mushroom.warehouse.file_hashes import FileHashes
from mushroom.warehouse.prepared import Addition, PreparedRows, Replacement
from mushroom.warehouse.protocol import Parts

__all__ = ["DuckDBWarehouse"]

_BATCH_ROWS = 65_536
_BATCH_VALUES = 2**24


class DuckDBWarehouse:
    """Tables in local files, which only `write_rows` writes.

    Each query has a connection of its own, in memory, with UTC as its time zone and no access to
    other files.

    Args:
        url: The address that opens the warehouse again.
        place: A folder of Parquet and CSV files, a DuckDB database file, or the gs:// URL of a
            prefix with Parquet and CSV files.
        cache: A folder that remembers the files' hashes; None: nowhere.
        memory_gib: What DuckDB may take for one query before it spills to disk; None: what it
            takes by itself, most of the machine.
    """

    def __init__(
        self,
        url: str,
        *,
        place: Path | str,
        cache: Path | None = None,
        memory_gib: float | None = None,
    ) -> None:
        self._url = url
        hashes = FileHashes(cache / "file-hashes.json" if cache else None)
        self._origin = open_origin(place, hashes)
        self._memory_gib = memory_gib

    @property
    def url(self) -> str:
        """The address that opens this warehouse again."""
        return self._url

    def tables(self) -> tuple[str, ...]:
        """The tables' names, sorted."""
        return self._origin.names()

    def columns(self, table: str) -> dict[str, str]:
        """The columns of a table, in their order, with their GoogleSQL types."""
        check_text(table, what="The name of a table", error=WarehouseError)
        with self._connected((table,), threads=1) as connection:
            node = self._origin.node(table).sql(dialect="duckdb")
            rows = connection.execute(f"DESCRIBE SELECT * FROM {node}").fetchall()  # noqa: S608 (quoted)
        return {row[0]: googlesql_type(row[1]) for row in rows}

    def snapshot(self, tables: Iterable[str]) -> dict[str, str]:
        """Each table with a fingerprint of the files that hold it."""
        named = texts(tables, what="What a snapshot is taken of", error=WarehouseError)
        self._origin.refresh()
        return {table: self._origin.identity(table) for table in sorted(set(named))}

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
        with self._answer(query, threads) as answer:
            return all_rows(answer)

    def run_parts(
        self, query: Query, rows: str, parts: Parts, *, threads: int = 1
    ) -> Iterator[pa.Table]:
        """The answers for several parts of a query's rows, each by queries of its own.

        Large tables are cut first, in a folder beside the one for what does not fit into memory.
        """
        with (
            tempfile.TemporaryDirectory(prefix="mushroom-pieces-") as place,
            self._connected(
                query.tables, threads=threads, folders=allowed(Path(place))
            ) as connection,
        ):
            pieces = Pieces(
                connection=connection,
                query=query,
                rows=rows,
                origin=self._origin,
                folder=Path(place),
                threads=threads,
            )
            counts = pieces.counts(parts)
            if counts and pieces.write(parts, counts):
                yield from pieces.answers(parts, counts)
                return
            for part in parts:
                asked = query.with_rows(rows, part)
                text = compile_query(asked, table=self._origin.node)
                yield evenly([all_rows(answer_of(connection, text, asked))])

    def stream(self, query: Query, *, threads: int = 1) -> Generator[pa.RecordBatch]:
        """The rows of the query batch by batch, in flat memory; of no rows, one empty batch."""
        with self._answer(query, threads) as answer:
            reader = answer.to_arrow_reader(min(_BATCH_ROWS, _BATCH_VALUES // len(answer.columns)))
            schema, is_empty = schema_of(answer, reader.schema), True
            for batch in reader:
                is_empty = False
                yield batch.cast(schema)
            if is_empty:
                yield pa.RecordBatch.from_pylist([], schema)

    def writable(self, table: str) -> dict[str, str] | None:
        """The columns of a table that can be written; None of one that is not there yet."""
        return self.columns(table) if self._origin.is_there_to_write(table) else None

    def write_rows(self, table: str, rows: PreparedRows, how: Replacement | Addition) -> None:
        """Write rows into a Parquet file of the folder, or a table of the database."""
        self._origin.write(table, rows, how)

    @contextmanager
    def _answer(self, query: Query, threads: int) -> Iterator[duckdb.DuckDBPyRelation]:
        with self._connected(query.tables, threads=threads) as connection:
            yield answer_of(connection, compile_query(query, table=self._origin.node), query)

    @contextmanager
    def _connected(
        self, tables: tuple[str, ...], *, threads: int, folders: Sequence[str] = ()
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        reads = f"{', '.join(tables) or 'no table'} in {self._url}"
        with (
            tempfile.TemporaryDirectory(prefix="mushroom-duckdb-") as spill,
            refusals(reads, memory_gib=self._memory_gib, spill=spill),
            duckdb.connect(
                config={**settings(self._memory_gib), "threads": threads, "temp_directory": spill}
            ) as connection,
        ):
            connection.execute("SET TimeZone = 'UTC'")
            self._origin.attach(connection, tables, folders=folders)
            yield connection
