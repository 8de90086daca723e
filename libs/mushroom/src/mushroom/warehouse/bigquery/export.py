"""Large results as Parquet on GCS: written by BigQuery itself, and read shard by shard."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
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


def export_query(warehouse: BigQueryWarehouse, query: Query, folder: str) -> int:
    """Write the rows of a query as Parquet files into a folder of a bucket.

    Args:
        warehouse: Where the query runs.
        query: The query; the order of its rows is not kept.
        folder: `gs://BUCKET/FOLDER`, where nothing else lies.

    Returns:
        The number of rows, which `read_export` holds against what it finds.

    Raises:
        WarehouseError: The folder is no such place, or the query was refused.
    """
    place = _within(folder)
    uri = exp.Literal.string(f"{_SCHEME}{place}/*.parquet").sql(dialect="bigquery")
    statement = _STATEMENT.format(uri)
    with warehouse.answered(query, before=statement) as (job, _):
        # The client has no property for this part of the reply.
        exported = job._properties["statistics"]["query"]["exportDataStatistics"]
    return int(exported["rowCount"])


def read_export(
    folder: str, *, rows: int, filesystem: FileSystem | None = None
) -> Iterator[pa.Table]:
    """The rows of an export, one of its files after the other.

    Args:
        folder: Where `export_query` wrote them.
        rows: How many it wrote.
        filesystem: What holds the bucket; None: Google Cloud Storage.

    Raises:
        WarehouseError: The files cannot be read, or hold another number of rows.
    """
    if filesystem is None:
        from pyarrow.fs import GcsFileSystem

        filesystem = GcsFileSystem()
    place, found = _within(folder), 0
    try:
        for info in sorted(filesystem.get_file_info(FileSelector(place)), key=attrgetter("path")):
            if info.path.endswith(".parquet"):
                shard = pq.read_table(info.path, filesystem=filesystem)
                found += shard.num_rows
                yield shard
    except (OSError, pa.ArrowException) as error:
        raise WarehouseError(f"The export in {folder} cannot be read: {error}") from error
    if found != rows:
        raise WarehouseError(
            f"The export in {folder} holds {found} of {rows} rows; its files were deleted or "
            "joined by others. Export the query into an empty folder."
        )


def _within(folder: str) -> str:
    place = folder.removeprefix(_SCHEME).rstrip("/")
    if not folder.startswith(_SCHEME) or "/" not in place or "*" in place:
        raise WarehouseError(f"{folder!r} is no folder of a bucket; write gs://BUCKET/FOLDER.")
    return place
