"""The BigQuery warehouse: GoogleSQL as it is, over tables as they were planned."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from mushroom.errors import SnapshotChangedError, WarehouseError
from mushroom.names import check_text, texts
from mushroom.query import LocalRows, Query
from mushroom.sharding import split_shards
from mushroom.warehouse.bigquery.address import Address, TableName
from mushroom.warehouse.bigquery.budget import Budget, ledger_path
from mushroom.warehouse.bigquery.compile import compile_query, table_rows
from mushroom.warehouse.bigquery.connection import Connection, check_installed
from mushroom.warehouse.bigquery.identity import job_id, labels_of
from mushroom.warehouse.bigquery.jobs import Jobs, Submission
from mushroom.warehouse.bigquery.kept import KeptInputs
from mushroom.warehouse.bigquery.parameters import is_small, query_parameters
from mushroom.warehouse.bigquery.refusals import refusals
from mushroom.warehouse.bigquery.results import read_batches
from mushroom.warehouse.bigquery.state import check_unchanged, reaches_back
from mushroom.warehouse.bigquery.tables import Tables, dataset_location
from mushroom.warehouse.bigquery.types import arrow_schema
from mushroom.warehouse.bigquery.upload import temporary_table
from mushroom.warehouse.bigquery.write import write_rows
from mushroom.warehouse.parts import PART, of_all_parts
from mushroom.warehouse.prepared import Addition, PreparedRows, Replacement
from mushroom.warehouse.protocol import Parts

if TYPE_CHECKING:
    from google.cloud.bigquery import Client, QueryJob
    from google.cloud.bigquery.table import RowIterator

__all__ = ["BigQueryWarehouse"]


class BigQueryWarehouse:
    """Tables of a dataset, and of others that are named in full.

    Args:
        url: `bigquery://PROJECT/DATASET` with its options; see `Address`.
        moment: The time to read tables as of, from `moment()`; empty: as they are.
        labels: What each job is marked with.
        cache: A folder in which the processes of a run count together what they read.
    """

    def __init__(
        self,
        url: str,
        *,
        moment: str = "",
        labels: Mapping[str, str] | None = None,
        cache: Path | None = None,
    ) -> None:
        check_installed()
        self._url = url
        self._moment = moment
        self.address = Address.parse(url)
        self.labels = labels_of(labels or {})
        self.budget = Budget(self.address, ledger=ledger_path(cache, moment))
        self._planned_tables: Tables | None = None

    @property
    def url(self) -> str:
        """The address that opens this warehouse again."""
        return self._url

    @cached_property
    def connection(self) -> Connection:
        """The clients, which work where the dataset lies."""
        address = self.address
        connection = Connection(project=address.billing, location=address.location)
        if address.location is not None:
            return connection
        location = dataset_location(connection, address.project, address.dataset)
        return replace(connection, location=location)

    @property
    def client(self) -> Client:
        """The REST client."""
        return Connection(project=self.address.billing).client

    def tables(self) -> tuple[str, ...]:
        """The names of the dataset's tables, sorted."""
        return self._fresh.names()

    def columns(self, table: str) -> dict[str, str]:
        """The columns of a table, in their order, with their GoogleSQL types."""
        check_text(table, what="The name of a table", error=WarehouseError)
        return self._fresh.columns(table)

    def snapshot(self, tables: Iterable[str]) -> dict[str, str]:
        """Each table with the identity of its present content: when it was changed last."""
        named = texts(tables, what="What a snapshot is taken of", error=WarehouseError)
        fresh = self._fresh
        return {table: fresh.identity(table) for table in sorted(set(named))}

    def moment(self, snapshot: Mapping[str, str]) -> str:
        """A time, by BigQuery's clock, at which the tables hold what the snapshot says."""
        job = self._client_query("SELECT CURRENT_TIMESTAMP() AS now")
        now: datetime = next(iter(job))["now"]
        for table, identity in self.snapshot(snapshot).items():
            if identity != snapshot[table]:
                raise SnapshotChangedError(
                    f"The table {table!r} changed while the run was planned; plan it again."
                )
        if self.address.kept is not None:
            KeptInputs(self.address, self.connection, now).keep(snapshot, self._fresh)
        return now.astimezone(UTC).isoformat()

    def verify(self, snapshot: Mapping[str, str]) -> None:
        """Check that the snapshot's content is what queries read."""
        if self._kept is not None:
            self._kept.check(snapshot)
            return
        found = self.snapshot(snapshot)
        for table, planned in snapshot.items():
            check_unchanged(table, planned=planned, found=found[table], moment=self._planned_at)

    def run(self, query: Query, *, threads: int = 1) -> pa.Table:
        """All rows of the query."""
        del threads
        with self.answered(query) as (job, rows):
            schema = arrow_schema(rows.schema)
            batches = read_batches(self.connection, rows, job.destination, schema)
            return pa.Table.from_batches(batches, schema=schema)

    def run_parts(
        self, query: Query, rows: str, parts: Parts, *, threads: int = 1
    ) -> Iterator[pa.Table]:
        """The answers for several parts of a query's rows, for the price of one query."""
        if len(parts) == 1:
            (only,) = parts
            yield self.run(query.with_rows(rows, only), threads=threads)
            return
        together = of_all_parts(query, rows, parts)
        with closing(self.stream(together)) as batches:
            yield from split_shards(batches, len(parts), column=PART)

    def stream(self, query: Query, *, threads: int = 1) -> Generator[pa.RecordBatch]:
        """The rows of the query batch by batch, in flat memory; of no rows, one empty batch."""
        del threads
        with self.answered(query) as (job, rows):
            schema = arrow_schema(rows.schema)
            is_empty = True
            for batch in read_batches(self.connection, rows, job.destination, schema):
                is_empty = False
                yield batch
            if is_empty:
                yield pa.RecordBatch.from_pylist([], schema)

    def writable(self, table: str) -> dict[str, str] | None:
        """The columns of a table that can be written; None of one that is not there yet."""
        fresh = self._fresh
        return fresh.columns_to_write(table) if fresh.has(table) else None

    def write_rows(self, table: str, rows: PreparedRows, how: Replacement | Addition) -> None:
        """Write rows into a table by one load job, all at once."""
        write_rows(self, table, rows, how)

    @contextmanager
    def answered(self, query: Query, *, before: str = "") -> Iterator[tuple[QueryJob, RowIterator]]:
        """The finished job of a query, whose temporary tables last as long as the block.

        Args:
            query: The query.
            before: What stands before the query's text, where it is part of a statement.
        """
        tables = self._pinned
        large = {
            name: relation.rows
            for name, relation in query.relations.items()
            if isinstance(relation, LocalRows) and not is_small(relation.rows)
        }
        name = job_id(
            query,
            text=before + self._text(query, tables, uploaded={}),
            moment=self._moment,
            states={} if self._moment else {t: tables.identity(t) for t in query.tables},
        )
        jobs = Jobs(
            connection=self.connection,
            budget=self.budget,
            labels=self.labels,
            max_bytes=self.address.max_bytes,
        )
        with ExitStack() as stack:

            def submission() -> Submission:
                uploaded = {
                    relation: stack.enter_context(self._uploaded(rows))
                    for relation, rows in large.items()
                }
                compiled = self._text(query, tables, uploaded=uploaded)
                return Submission(text=before + compiled, parameters=query_parameters(query))

            yield jobs.answer(name, submission, reads=", ".join(query.tables) or "no table")

    def _text(self, query: Query, tables: Tables, *, uploaded: Mapping[str, TableName]) -> str:
        if (kept := self._kept) is not None:
            return compile_query(
                query,
                table=lambda name: table_rows(kept.name(self.address.table(name))),
                uploaded=uploaded,
            )
        moment = self._planned_at
        if moment is not None and not reaches_back(moment):
            # `verify` has seen to it that the tables have not changed since.
            moment = None
        return compile_query(
            query, table=lambda name: tables.rows(name, moment=moment), uploaded=uploaded
        )

    def _uploaded(self, rows: pa.Table) -> AbstractContextManager[TableName]:
        return temporary_table(
            self.connection,
            project=self.address.billing,
            dataset=self.address.scratch,
            rows=rows,
        )

    def _client_query(self, text: str) -> RowIterator:
        with refusals("Asking BigQuery for the time"):
            return self.connection.client.query_and_wait(text)

    @property
    def _planned_at(self) -> datetime | None:
        return datetime.fromisoformat(self._moment) if self._moment else None

    @cached_property
    def _kept(self) -> KeptInputs | None:
        """What the plan has kept; None where it keeps nothing, or nothing is planned."""
        moment = self._planned_at
        if moment is None or self.address.kept is None:
            return None
        return KeptInputs(self.address, self.connection, moment)

    @property
    def _fresh(self) -> Tables:
        return Tables(self.address, self.connection)

    @property
    def _pinned(self) -> Tables:
        """Metadata for queries: of planned tables they are asked for once."""
        if not self._moment:
            return self._fresh
        if self._planned_tables is None:
            self._planned_tables = self._fresh
        return self._planned_tables
