"""Large results as Parquet on GCS: written by BigQuery itself, and read shard by shard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.fs import FileSelector, FileSystem
from sqlglot import exp

from mushroom.errors import WarehouseError
from mushroom.query import Query

if TYPE_CHECKING:
    from mushroom.warehouse.bigquery.warehouse import BigQueryWarehouse

__all__ = ["export_query", "read_export"]

_SCHEME = "gs://"
_STATEMENT = "EXPORT DATA OPTIONS (uri={}, format='PARQUET', overwrite=TRUE) AS\n"


def export_query(warehouse: BigQueryWarehouse, query: Query, folder: str) -> None:
    """Write the rows of a query as Parquet files into a folder of a bucket.

    Args:
        warehouse: Where the query runs.
        query: The query; the order of its rows is not kept.
        folder: `gs://BUCKET/FOLDER`, where nothing else lies.

    Raises:
        WarehouseError: The folder is no such place, or the query was refused.
    """
    place = _within(folder)
    uri = exp.Literal.string(f"{_SCHEME}{place}/*.parquet").sql(dialect="bigquery")
    statement = _STATEMENT.format(uri)
    with warehouse.answered(query, before=statement):
        pass


def read_export(folder: str, *, filesystem: FileSystem | None = None) -> Iterator[pa.Table]:
    """The rows of an export, one of its files after the other.

    Args:
        folder: Where `export_query` wrote them.
        filesystem: What holds the bucket; None: Google Cloud Storage.

    Raises:
        WarehouseError: There is nothing.
    """
    if filesystem is None:
        from pyarrow.fs import GcsFileSystem

        filesystem = GcsFileSystem()
    place = _within(folder)
    files = [info.path for info in filesystem.get_file_info(FileSelector(place))]
    shards = sorted(path for path in files if path.endswith(".parquet"))
    if not shards:
        raise WarehouseError(f"There is no export in {folder}; write one by export_query.")
    for path in shards:
        yield pq.read_table(path, filesystem=filesystem)


def _within(folder: str) -> str:
    place = folder.removeprefix(_SCHEME).rstrip("/")
    if not folder.startswith(_SCHEME) or "/" not in place or "*" in place:
        raise WarehouseError(f"{folder!r} is no folder of a bucket; write gs://BUCKET/FOLDER.")
    return place
