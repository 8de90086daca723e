"""Rows on their way into BigQuery: load jobs, and tables that are there for one query."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from mushroom.warehouse.bigquery.address import TableName
from mushroom.warehouse.bigquery.connection import Connection
from mushroom.warehouse.bigquery.refusals import refusals
from mushroom.warehouse.bigquery.tables import TEMPORARY
from mushroom.warehouse.bigquery.types import schema_of

if TYPE_CHECKING:
    from google.cloud.bigquery import LoadJob

__all__ = ["load_parquet", "temporary_table", "write_parquet"]

_EXPIRES_AFTER = timedelta(hours=12)
_ROWS_AT_ONCE = 2**17


@contextmanager
def temporary_table(
    connection: Connection, *, project: str, dataset: str, rows: pa.Table
) -> Iterator[TableName]:
    """A table with these rows, deleted at the end of the block, or by BigQuery some hours later."""
    from google.cloud.bigquery import Table

    name = TableName(project=project, dataset=dataset, table=f"{TEMPORARY}{uuid4().hex}")
    table = Table(str(name), schema=schema_of(rows.schema))
    table.expires = datetime.now(UTC) + _EXPIRES_AFTER
    with refusals(f"Writing {rows.num_rows} rows to the temporary table {name}"):
        connection.client.create_table(table, **connection.calling)
    try:
        with TemporaryFile() as file:
            write_parquet(rows, file)
            file.seek(0)
            load_parquet(connection, file, str(name), write_disposition="WRITE_EMPTY")
        yield name
    finally:
        with refusals(f"Deleting the temporary table {name}"):
            connection.client.delete_table(str(name), not_found_ok=True, **connection.calling)


def write_parquet(rows: pa.Table, file: BinaryIO) -> None:
    """Write rows as Parquet, some at a time, of rows that lie in a file themselves."""
    pq.write_table(rows, file, row_group_size=_ROWS_AT_ONCE)


def load_parquet(
    connection: Connection,
    file: BinaryIO,
    table: str,
    *,
    job_id: str | None = None,
    **options: Any,
) -> LoadJob:
    """Load a Parquet file into a table, and wait until all of it is there.

    Args:
        connection: The clients.
        file: The file, at its start.
        table: The full name; with `$20261124` behind it, one partition.
        job_id: What the job is called; None: any name. One of that name which arrived before, as
            through a connection that then broke, is waited for.
        **options: Of the client's `LoadJobConfig`.

    Raises:
        WarehouseError: BigQuery refused it.
    """
    from google.api_core.exceptions import Conflict
    from google.cloud.bigquery import LoadJobConfig, SourceFormat

    config = LoadJobConfig(source_format=SourceFormat.PARQUET, **options)
    with refusals(f"Loading rows into {table}"):
        try:
            job = connection.client.load_table_from_file(
                file,
                table,
                job_config=config,
                job_id=job_id,
                num_retries=3,
                timeout=connection.calling["timeout"],
            )
        except Conflict:
            if job_id is None:
                raise
            job = cast("LoadJob", connection.client.get_job(job_id, **connection.calling))
        job.result(retry=connection.calling["retry"])
    return job
