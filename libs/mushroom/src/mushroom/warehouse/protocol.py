"""What every warehouse offers."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from typing import Protocol

import pyarrow as pa

from mushroom.query import Query
from mushroom.warehouse.prepared import Addition, PreparedRows, Replacement

__all__ = ["Parts", "Warehouse"]


class Parts(Protocol):
    """Tables that can be gone through again and again, of which one at a time is held."""

    def __len__(self) -> int:
        """How many there are."""

    def __iter__(self) -> Iterator[pa.Table]:
        """One after another."""


class Warehouse(Protocol):
    """A place that answers GoogleSQL queries, and writes tables where it is told to.

    Each GoogleSQL type comes back as one Arrow type: INT64 as int64, FLOAT64 as float64, NUMERIC as
    decimal128 of some scale, STRING as string, TIMESTAMP as timestamp[us, tz=UTC], DATETIME as
    timestamp[us], DATE as date32. Rows come back in the order the query asks for, and in no
    particular order where it asks for none.
    """

    @property
    def url(self) -> str:
        """The address that opens this warehouse again."""

    def tables(self) -> tuple[str, ...]:
        """The tables' names, sorted."""

    def columns(self, table: str) -> dict[str, str]:
        """The columns of a table, in their order, with their GoogleSQL types."""

    def snapshot(self, tables: Iterable[str]) -> dict[str, str]:
        """Each table with the identity of its present content."""

    def moment(self, snapshot: Mapping[str, str]) -> str:
        """A time at which tables hold what the snapshot says; empty where no past is kept.

        A warehouse opened with it reads the tables as of then, whatever happens to them.

        Raises:
            SnapshotChangedError: A table has changed since the snapshot was taken.
        """

    def verify(self, snapshot: Mapping[str, str]) -> None:
        """Check that queries read what the snapshot speaks of.

        Raises:
            SnapshotChangedError: A table has changed, and its past cannot be read.
        """

    def run(self, query: Query, *, threads: int = 1) -> pa.Table:
        """All rows of the query."""

    def run_parts(
        self, query: Query, rows: str, parts: Parts, *, threads: int = 1
    ) -> Iterator[pa.Table]:
        """The answers for several parts of the rows that a query describes, one after another.

        As often as not, reading costs more than answering: a warehouse that charges for what it
        reads reads once for all parts, and one that lies at hand holds one part at a time, and cuts
        large tables first, so that each part reads its own rows (`Query.by_entity`).

        Args:
            query: A query that answers each of its rows by one row or several, sorted by
                (entity_id, as_of); several come in no particular order.
            rows: The relation of these rows.
            parts: What it stands for: entity_id, as_of, and others; no two rows of all parts share
                both, and each part is sorted by them.
            threads: Threads of each query.
        """

    def stream(self, query: Query, *, threads: int = 1) -> Generator[pa.RecordBatch]:
        """The rows of the query batch by batch, in flat memory; of no rows, one empty batch.

        Close it, as `contextlib.closing` does, where it may not be drawn to its end.
        """

    def writable(self, table: str) -> dict[str, str] | None:
        """The columns of a table that `write_rows` can write; None of one that it would make.

        Raises:
            WarehouseError: It is no name of a table, or nothing can be written into it.
        """

    def write_rows(self, table: str, rows: PreparedRows, how: Replacement | Addition) -> None:
        """Write rows into a table, all at once; made if there is none.

        `mushroom.warehouse.write_table` and `append_rows` prepare them.

        Raises:
            WarehouseError: The rows do not fit the table, others were added under the name, or the
                warehouse refused them; the table is as it was.
        """
