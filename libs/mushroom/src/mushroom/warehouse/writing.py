"""Rows written into a warehouse: a table or one of its days replaced, or rows added to it once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import pyarrow as pa

from mushroom.errors import WarehouseError
from mushroom.names import check_text
from mushroom.warehouse.prepared import Addition, Replacement, prepared
from mushroom.warehouse.protocol import Warehouse

__all__ = ["append_rows", "write_table"]


def write_table(
    warehouse: Warehouse,
    table: str,
    batches: Iterable[pa.RecordBatch],
    *,
    schema: pa.Schema,
    partition: tuple[str, date] | None = None,
) -> int:
    """Replace a table at once: readers see all of the rows, or what was there before.

    Writing the same again leaves the same: nothing is ever doubled.

    Args:
        warehouse: Where the table lies.
        table: Its name; made if there is none.
        batches: The rows, taken in flat memory.
        schema: Their types.
        partition: A DATE column and the day that all rows have in it: this day is replaced, and
            the others stay. On BigQuery it is a partition. None: the whole table is replaced.

    Returns:
        The number of rows.

    Raises:
        WarehouseError: The warehouse refused the rows, they do not fit the table that they are to
            be a day of, or a row has another day.
    """
    check_text(table, what="The name of a table", error=WarehouseError)
    if partition is not None:
        _check_partition(partition)
        _check_column(partition[0], schema)
    with prepared(batches, schema, day=partition) as rows:
        warehouse.write_rows(table, rows, Replacement(day=partition))
    return rows.count


def append_rows(
    warehouse: Warehouse,
    table: str,
    batches: Iterable[pa.RecordBatch],
    *,
    schema: pa.Schema,
    addition: str,
    partitioned_by: str | None = None,
) -> int:
    """Add rows to a table at once, and only once: readers see all of them, or none yet.

    Who cannot tell whether the rows have arrived, since a reply was lost or a process was killed,
    adds them again under the same name: then they are there once.

    Args:
        warehouse: Where the table lies.
        table: Its name; made if there is none.
        batches: The rows, taken in flat memory.
        schema: Their types: the table's columns, in any order.
        addition: What tells these rows from others that are added to the table, such as the id of
            a run. It counts for as long as the table lives; on BigQuery, which forgets its jobs,
            for half a year.
        partitioned_by: A DATE column that BigQuery partitions a table by that it makes; each row
            goes into the partition of its day.

    Returns:
        The number of rows.

    Raises:
        WarehouseError: The warehouse refused the rows, they do not fit the table, or other rows
            were added under this name.
    """
    check_text(table, what="The name of a table", error=WarehouseError)
    check_text(addition, what="The name of an addition", error=WarehouseError)
    if not addition:
        raise WarehouseError("An addition needs a name, such as the id of the run that makes it.")
    if partitioned_by is not None:
        _check_column(partitioned_by, schema)
    with prepared(batches, schema) as rows:
        warehouse.write_rows(table, rows, Addition(name=addition, partitioned_by=partitioned_by))
    return rows.count


def _check_partition(partition: object) -> None:
    match partition:
        case (str(), date() as day) if not isinstance(day, datetime):
            return
    raise WarehouseError(f"A partition is the name of a DATE column and a day, got {partition!r}.")


def _check_column(column: str, schema: pa.Schema) -> None:
    check_text(column, what="The column that a table is partitioned by", error=WarehouseError)
    if schema.get_field_index(column) < 0 or not pa.types.is_date(schema.field(column).type):
        raise WarehouseError(
            f"A table is partitioned by a DATE column of its rows, and {column!r} is none."
        )
