"""Results written back: a table replaced at once, or one of its partitions."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from mushroom.errors import WarehouseError
from mushroom.warehouse.bigquery.refusals import refusals
from mushroom.warehouse.bigquery.types import schema_of
from mushroom.warehouse.bigquery.upload import load_parquet

if TYPE_CHECKING:
    from mushroom.warehouse.bigquery.warehouse import BigQueryWarehouse

__all__ = ["write_table"]


def write_table(
    warehouse: BigQueryWarehouse,
    table: str,
    batches: Iterable[pa.RecordBatch],
    *,
    schema: pa.Schema,
    partition: tuple[str, date] | None = None,
) -> int:
    """Write rows to a table, in one load job: readers see all of them, or what was there before.

    Writing the same again leaves the same: nothing is ever doubled.

    Args:
        warehouse: Where the table lies.
        table: `table`, `dataset.table` or `project.dataset.table`; made if there is none.
        batches: The rows, taken in flat memory.
        schema: Their types.
        partition: A DATE column and the day that all rows have in it: this day's partition is
            replaced, and the others stay. None: the whole table is replaced.

    Returns:
        The number of rows.

    Raises:
        WarehouseError: BigQuery refused the rows, or a row has another day.
    """
    from google.cloud.bigquery import TimePartitioning

    name = str(warehouse.address.table(table))
    options: dict[str, Any] = {"write_disposition": "WRITE_TRUNCATE"}
    target = name
    if partition is not None:
        target = f"{name}${partition[1]:%Y%m%d}"
        options["time_partitioning"] = TimePartitioning(field=partition[0])
    _make(warehouse, name, schema, partition)
    with tempfile.TemporaryDirectory(prefix="mushroom-bigquery-") as folder:
        path = Path(folder, "rows.parquet")
        rows = 0
        with pq.ParquetWriter(path, schema) as writer:
            for batch in batches:
                _check_day(batch, partition)
                writer.write_batch(batch)
                rows += batch.num_rows
        with path.open("rb") as file:
            job = load_parquet(
                warehouse.connection, file, target, labels=warehouse.labels, **options
            )
    if job.output_rows != rows:
        raise WarehouseError(f"{target} took {job.output_rows} of {rows} rows; write them again.")
    return rows


def _make(
    warehouse: BigQueryWarehouse,
    name: str,
    schema: pa.Schema,
    partition: tuple[str, date] | None,
) -> None:
    from google.cloud.bigquery import Table, TimePartitioning

    table = Table(name, schema=schema_of(schema))
    if partition is not None:
        table.time_partitioning = TimePartitioning(field=partition[0])
    connection = warehouse.connection
    with refusals(f"Making the table {name}"):
        connection.client.create_table(table, exists_ok=True, **connection.calling)


def _check_day(batch: pa.RecordBatch, partition: tuple[str, date] | None) -> None:
    if partition is None:
        return
    column, day = partition
    if other := [found for found in batch[column].unique().to_pylist() if found != day]:
        raise WarehouseError(
            f"The rows for the partition {day} of {column!r} must all have that day, got "
            f"{other[0]}."
        )
