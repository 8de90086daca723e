"""Prepared rows as load jobs, whose names make an addition happen once."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from mushroom.errors import WarehouseError
from mushroom.warehouse.bigquery.refusals import refusals
from mushroom.warehouse.bigquery.types import field_type, schema_of
from mushroom.warehouse.bigquery.upload import load_parquet
from mushroom.warehouse.prepared import Addition, PreparedRows, Replacement, check_fits

if TYPE_CHECKING:
    from google.cloud.bigquery import LoadJob, Table

    from mushroom.warehouse.bigquery.warehouse import BigQueryWarehouse

__all__ = ["ROWS_LABEL", "write_rows"]

ROWS_LABEL = "rows"
"""The label of an addition's job that tells its rows from others."""

_DIGEST_LENGTH = 40
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def write_rows(
    warehouse: BigQueryWarehouse, table: str, rows: PreparedRows, how: Replacement | Addition
) -> None:
    """Write rows into a table by one load job; see `Warehouse.write_rows`."""
    name = str(warehouse.address.table(table))
    if isinstance(how, Addition):
        found = _table(warehouse, name, rows, partitioned_by=how.partitioned_by)
        _add(warehouse, name, found, rows, how)
    elif how.day is None:
        _table(warehouse, name, rows, partitioned_by=None)
        _replace(warehouse, name, rows)
    else:
        column, day = how.day
        found = _table(warehouse, name, rows, partitioned_by=column)
        _check_fits(name, found, rows)
        _replace(warehouse, f"{name}${day:%Y%m%d}", rows, partitioned_by=column)


def _replace(
    warehouse: BigQueryWarehouse,
    target: str,
    rows: PreparedRows,
    *,
    partitioned_by: str | None = None,
) -> None:
    from google.cloud.bigquery import TimePartitioning

    options: dict[str, Any] = {"write_disposition": "WRITE_TRUNCATE"}
    if partitioned_by is not None:
        options["time_partitioning"] = TimePartitioning(field=partitioned_by)
    with rows.path.open("rb") as file:
        job = load_parquet(warehouse.connection, file, target, labels=warehouse.labels, **options)
    if job.output_rows != rows.count:
        raise WarehouseError(
            f"{target} took {job.output_rows} of {rows.count} rows; write them again."
        )


def _add(
    warehouse: BigQueryWarehouse, name: str, table: Table, rows: PreparedRows, addition: Addition
) -> None:
    digest = rows.digest[:_DIGEST_LENGTH]
    named = _job_name(name, table, addition)
    for attempt in count():
        job_id = f"{named}-{attempt}"
        job = _existing(warehouse, job_id)
        if job is not None and job.error_result is not None:
            # It added nothing, and its name is taken.
            continue
        if job is None:
            _check_fits(name, table, rows)
            with rows.path.open("rb") as file:
                job = load_parquet(
                    warehouse.connection,
                    file,
                    name,
                    job_id=job_id,
                    labels={**warehouse.labels, ROWS_LABEL: digest},
                    write_disposition="WRITE_APPEND",
                    create_disposition="CREATE_NEVER",
                )
        else:
            with refusals(f"Waiting for rows that are added to {name}"):
                job.result(retry=warehouse.connection.calling["retry"])
        if job.labels.get(ROWS_LABEL, digest) != digest:
            raise addition.of_other_rows(name)
        return


def _job_name(name: str, table: Table, addition: Addition) -> str:
    made = (table.created - _EPOCH).total_seconds() if table.created else 0
    meaning = f"{name}\n{made}\n{addition.name}"
    return f"mushroom-add-{hashlib.sha256(meaning.encode()).hexdigest()[:_DIGEST_LENGTH]}"


def _existing(warehouse: BigQueryWarehouse, job_id: str) -> LoadJob | None:
    from google.api_core.exceptions import NotFound

    connection = warehouse.connection
    with refusals(f"Looking up the job {job_id}"):
        try:
            return cast("LoadJob", connection.client.get_job(job_id, **connection.calling))
        except NotFound:
            return None


def _table(
    warehouse: BigQueryWarehouse, name: str, rows: PreparedRows, *, partitioned_by: str | None
) -> Table:
    """The table, made if there is none, as it describes itself to everybody."""
    from google.cloud.bigquery import Table, TimePartitioning

    table = Table(name, schema=schema_of(rows.schema))
    if partitioned_by is not None:
        table.time_partitioning = TimePartitioning(field=partitioned_by)
    connection = warehouse.connection
    with refusals(f"Making the table {name}"):
        connection.client.create_table(table, exists_ok=True, **connection.calling)
        return connection.client.get_table(name, **connection.calling)


def _check_fits(name: str, table: Table, rows: PreparedRows) -> None:
    columns = {field.name: field_type(field) for field in table.schema}
    check_fits(name, columns, rows.schema)
