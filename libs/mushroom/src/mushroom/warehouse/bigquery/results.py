"""The rows of a finished job as Arrow: by the Storage Read API, or page by page."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from mushroom.errors import WarehouseError
from mushroom.warehouse.bigquery.connection import Connection
from mushroom.warehouse.bigquery.refusals import refusals

if TYPE_CHECKING:
    from google.cloud.bigquery import TableReference
    from google.cloud.bigquery.table import RowIterator
    from google.cloud.bigquery_storage_v1 import BigQueryReadClient
    from google.cloud.bigquery_storage_v1.types import ReadRowsResponse, ReadSession

__all__ = ["read_batches", "stored_batches"]

_LOG = logging.getLogger(__name__)
_FEW_ROWS = 20_000


def read_batches(
    connection: Connection, rows: RowIterator, destination: TableReference | None, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """All rows in their order, in flat memory.

    Args:
        connection: The clients.
        rows: What the job returned: the number of rows, and the pages of the REST API.
        destination: The table that holds the result; None: only the pages do.
        schema: The types to give.

    Raises:
        WarehouseError: Reading failed, or gave another number of rows than the job has.
    """
    expected = rows.total_rows or 0
    found = 0
    with refusals("Reading the rows of a query"):
        batches = None
        if expected > _FEW_ROWS and destination is not None:
            batches = stored_batches(connection, destination)
        for batch in rows.to_arrow_iterable() if batches is None else batches:
            found += batch.num_rows
            if batch.num_rows:
                yield pa.RecordBatch.from_arrays(
                    [column.cast(field.type) for column, field in zip(batch, schema, strict=True)],
                    schema=schema,
                )
    if found != expected:
        raise WarehouseError(
            f"Reading the rows of a query gave {found} of {expected} rows; run again."
        )


def stored_batches(
    connection: Connection, table: TableReference
) -> Iterator[pa.RecordBatch] | None:
    """The rows of a stored table in their order; None where the Storage Read API is not at hand."""
    from google.api_core.exceptions import Forbidden, MethodNotImplemented, NotFound
    from google.cloud.bigquery_storage_v1.types import DataFormat, ReadSession

    storage = connection.storage
    if storage is None:
        return None
    path = f"projects/{table.project}/datasets/{table.dataset_id}/tables/{table.table_id}"
    try:
        # One stream: several would mix the order of the rows.
        session = storage.create_read_session(
            parent=f"projects/{connection.project}",
            read_session=ReadSession(table=path, data_format=DataFormat.ARROW),
            max_stream_count=1,
            **connection.streaming,
        )
    except (Forbidden, MethodNotImplemented, NotFound) as error:
        _LOG.warning("Reading by the slower REST API, as the Storage Read API refused: %s", error)
        return None
    return _streamed(storage, session, connection.streaming)


def _streamed(
    storage: BigQueryReadClient, session: ReadSession, calling: Mapping[str, Any]
) -> Iterator[pa.RecordBatch]:
    for stream in session.streams:
        schema = pa.ipc.read_schema(pa.py_buffer(session.arrow_schema.serialized_schema))
        for reply in _replies(storage, stream.name, calling):
            message = pa.py_buffer(reply.arrow_record_batch.serialized_record_batch)
            yield pa.ipc.read_record_batch(message, schema)


def _replies(
    storage: BigQueryReadClient, stream: str, calling: Mapping[str, Any]
) -> Iterator[ReadRowsResponse]:
    """The replies of a stream; after a lost connection they go on where they have left off.

    The client sees to it where a connection breaks. Where one is only silent, the call ends in
    time, and another goes on; two after each other without a row are an error.
    """
    from google.api_core.exceptions import DeadlineExceeded

    rows, before = 0, -1
    while True:
        try:
            for reply in storage.read_rows(stream, rows, **calling):  # type: ignore[no-untyped-call]
                rows += reply.row_count
                yield reply
        except DeadlineExceeded:
            if rows == before:
                raise
            before = rows
        else:
            return
