"""What is asked of the emulator by requests, as the official client makes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from mushroom.errors import WarehouseError

if TYPE_CHECKING:
    from google.cloud.bigquery import LoadJob, TableReference
    from google.cloud.bigquery_storage_v1 import BigQueryReadClient
    from google.cloud.bigquery_storage_v1.types import ReadSession

    from mushroom.warehouse.bigquery import BigQueryWarehouse

__all__ = ["REQUESTS", "ROWS", "answer"]

_RANDOM = re.compile(r"[0-9a-f]{32}")

ROWS = pa.table({"x": [1, 2], "day": [date(2026, 1, 2)] * 2})
"""What the table `t` must hold."""


def answer(request: str, warehouse: BigQueryWarehouse) -> str:
    """The answer to a request, or `error:` and its message.

    `PROJECT` stands for the name of the project, and `RANDOM` for that of a result.

    Args:
        request: One of `REQUESTS`.
        warehouse: A dataset of the emulator with the table `t`, which the request may change.
    """
    from google.api_core.exceptions import GoogleAPIError

    from mushroom.warehouse.bigquery.refusals import said

    try:
        found = str(REQUESTS[request](warehouse))
    except (GoogleAPIError, WarehouseError) as error:
        found = f"error: {said(error)}"
    return _RANDOM.sub("RANDOM", found.replace(warehouse.address.project, "PROJECT"))


def _name(warehouse: BigQueryWarehouse, table: str) -> str:
    return str(warehouse.address.table(table))


def _select(warehouse: BigQueryWarehouse) -> str:
    return f"SELECT x FROM `{_name(warehouse, 't')}`"  # noqa: S608


def _view(warehouse: BigQueryWarehouse) -> object:
    from google.cloud.bigquery import Table

    made = Table(_name(warehouse, "v"))
    made.view_query = _select(warehouse)
    warehouse.client.create_table(made)
    return warehouse.client.get_table(made).view_query


def _external(warehouse: BigQueryWarehouse) -> object:
    from google.cloud.bigquery import ExternalConfig, Table

    made = Table(_name(warehouse, "e"))
    made.external_data_configuration = ExternalConfig("PARQUET")
    warehouse.client.create_table(made)
    found = warehouse.client.get_table(made)
    return f"{found.table_type} {found.external_data_configuration}"


def _streaming(warehouse: BigQueryWarehouse) -> object:
    warehouse.client.insert_rows_json(_name(warehouse, "t"), [{"x": 3}])
    return warehouse.client.get_table(_name(warehouse, "t")).streaming_buffer


def _last_change(warehouse: BigQueryWarehouse) -> object:
    from mushroom.warehouse import write_table

    before = warehouse.client.get_table(_name(warehouse, "t")).modified
    write_table(warehouse, "t", ROWS.to_batches(), schema=ROWS.schema)
    return warehouse.client.get_table(_name(warehouse, "t")).modified != before


def _expiry(warehouse: BigQueryWarehouse) -> object:
    from datetime import UTC, datetime

    from google.cloud.bigquery import Table

    made = Table(_name(warehouse, "z"))
    made.expires = datetime(2096, 1, 1, tzinfo=UTC)
    return warehouse.client.create_table(made).expires


def _estimate(warehouse: BigQueryWarehouse) -> object:
    from google.cloud.bigquery import QueryJobConfig

    config = QueryJobConfig(dry_run=True)
    return warehouse.client.query(_select(warehouse), config).total_bytes_processed


def _labels(warehouse: BigQueryWarehouse) -> object:
    from google.cloud.bigquery import QueryJobConfig

    job = warehouse.client.query("SELECT 1", QueryJobConfig(labels={"case": "a"}))
    job.result()
    return warehouse.client.get_job(job.job_id).labels


def _without_credentials(warehouse: BigQueryWarehouse) -> object:
    # The clients have none: `Connection.client` is anonymous where there is an emulator.
    return next(iter(warehouse.client.query_and_wait("SELECT 1")))[0]


def _beyond_the_bill(warehouse: BigQueryWarehouse) -> object:
    from google.cloud.bigquery import QueryJobConfig

    config = QueryJobConfig(maximum_bytes_billed=1)
    return warehouse.client.query_and_wait(_select(warehouse), job_config=config).total_rows


def _partition(warehouse: BigQueryWarehouse) -> object:
    from mushroom.warehouse import write_table

    partition = ("day", date(2026, 1, 2))
    return write_table(warehouse, "p", ROWS.to_batches(), schema=ROWS.schema, partition=partition)


def _load(warehouse: BigQueryWarehouse, rows: pa.Table, **options: Any) -> LoadJob:
    from mushroom.warehouse.bigquery.upload import load_parquet, write_parquet

    with TemporaryFile() as file:
        write_parquet(rows, file)
        file.seek(0)
        return load_parquet(warehouse.connection, file, _name(warehouse, "t"), **options)


def _named_load(warehouse: BigQueryWarehouse) -> object:
    _load(warehouse, ROWS, job_id="mine", write_disposition="WRITE_APPEND")
    return warehouse.client.get_job("mine").job_id


def _added(warehouse: BigQueryWarehouse) -> object:
    return _load(warehouse, ROWS, write_disposition="WRITE_APPEND").output_rows


def _other_order(warehouse: BigQueryWarehouse) -> object:
    rows = ROWS.select(ROWS.column_names[::-1])
    return _load(warehouse, rows, write_disposition="WRITE_APPEND").output_rows


def _replaced_columns(warehouse: BigQueryWarehouse) -> object:
    rows = pa.table({"y": [1], "z": [date(2026, 1, 2)]})
    _load(warehouse, rows, write_disposition="WRITE_TRUNCATE")
    return [field.name for field in warehouse.client.get_table(_name(warehouse, "t")).schema]


def _past(warehouse: BigQueryWarehouse) -> object:
    past = f"{_name(warehouse, 't')}@1795679623458"
    return warehouse.client.copy_table(past, _name(warehouse, "u")).result()


def _empty_array(warehouse: BigQueryWarehouse) -> object:
    from google.cloud.bigquery import (
        ArrayQueryParameter,
        QueryJobConfig,
        ScalarQueryParameterType,
        StructQueryParameterType,
    )

    field = ScalarQueryParameterType("INT64", name="x")  # type: ignore[no-untyped-call]
    kind = StructQueryParameterType(field)  # type: ignore[no-untyped-call]
    config = QueryJobConfig(query_parameters=[ArrayQueryParameter("rows", kind, [])])
    text = "SELECT r.x FROM UNNEST(@rows) AS r"
    return warehouse.client.query(text, config).result().total_rows


def _read_result(warehouse: BigQueryWarehouse) -> object:
    job = warehouse.client.query("SELECT 1 AS x")
    job.result()
    return _session(warehouse, job.destination)


def _read_from_an_offset(warehouse: BigQueryWarehouse) -> object:
    from google.cloud.bigquery import TableReference

    session = _session(warehouse, TableReference.from_string(_name(warehouse, "t")))
    replies = _storage(warehouse).read_rows(session.streams[0].name, 1)  # type: ignore[no-untyped-call]
    return sum(reply.row_count for reply in replies)


def _storage(warehouse: BigQueryWarehouse) -> BigQueryReadClient:
    storage = warehouse.connection.storage
    if storage is None:
        raise WarehouseError("BIGQUERY_STORAGE_EMULATOR_HOST does not name the emulator.")
    return storage


def _session(warehouse: BigQueryWarehouse, table: TableReference) -> ReadSession:
    from google.cloud.bigquery_storage_v1.types import DataFormat, ReadSession

    path = f"projects/{table.project}/datasets/{table.dataset_id}/tables/{table.table_id}"
    return _storage(warehouse).create_read_session(
        parent=f"projects/{warehouse.address.project}",
        read_session=ReadSession(table=path, data_format=DataFormat.ARROW),
    )


REQUESTS: Mapping[str, Callable[[BigQueryWarehouse], object]] = {
    "the definition of a view": _view,
    "the type and place of an external table": _external,
    "the streaming buffer": _streaming,
    "whether writing changes the last modification": _last_change,
    "when a table expires": _expiry,
    "the bytes of a dry run": _estimate,
    "the labels of a job": _labels,
    "a query without credentials": _without_credentials,
    "a query beyond what may be billed": _beyond_the_bill,
    "load a partition": _partition,
    "a load job by its name": _named_load,
    "the rows that a load job added": _added,
    "load columns in another order": _other_order,
    "replace columns": _replaced_columns,
    "copy the past": _past,
    "unnest an empty array": _empty_array,
    "read a result": _read_result,
    "read from the second row": _read_from_an_offset,
}
"""Requests by their names; each is given a warehouse of its own."""
