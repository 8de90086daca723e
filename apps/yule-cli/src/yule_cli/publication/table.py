"""Predictions as rows of a table of a warehouse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from gokart_store import ShardedDataset
from mushroom import Warehouse, append_rows, open_warehouse, write_table

from yule_cli.config import Publish

__all__ = ["check_table", "write_predictions"]

_OURS = ("entity_id", "as_of", "model_version")
_FEW = 5


def check_table(publish: Publish, warehouse: str, *, root: Path, reads: Mapping[str, str]) -> str:
    """Say why predictions are not to be written into a table; empty where they may be.

    Args:
        publish: The table.
        warehouse: URL of the case's warehouse.
        root: The folder that relative paths start from.
        reads: Tables of that warehouse that the case reads, and what it knows each as.

    Raises:
        WarehouseError: There is no such warehouse, or it takes no table of that name.
    """
    if publish.warehouse in (None, warehouse) and publish.table in reads:
        return (
            f"is {publish.table!r}, which the case reads as {reads[publish.table]}: predictions "
            "would take the place of its rows. Name another table."
        )
    place = _path(publish.warehouse or warehouse, root)
    if place is not None and place.is_file() and place == _path(warehouse, root):
        return (
            f"is in {place.name}, from which the case reads: any change to a database file counts "
            "as a change of all its tables, so that no run could be repeated. Name another "
            "`warehouse` for it: a folder, another file, or BigQuery."
        )
    columns = _opened(publish, warehouse, root).writable(publish.table)
    if columns is not None and not set(_OURS) <= set(columns):
        shown = ", ".join([*columns][:_FEW]) + (", …" if len(columns) > _FEW else "")
        return (
            f"is {publish.table!r}, which holds no predictions, but {shown}. Name another table, "
            "or remove this one first."
        )
    return ""


def write_predictions(
    predictions: ShardedDataset,
    publish: Publish,
    warehouse: str,
    *,
    root: Path,
    name: str,
    labels: Mapping[str, str],
) -> int:
    """Write predictions into a table: readers see all of them, or what was there before.

    Args:
        predictions: The prediction table.
        publish: Where it goes.
        warehouse: URL of the case's warehouse.
        root: The folder that relative paths start from.
        name: What tells this prediction table from others that are added.
        labels: What jobs are marked with, where the warehouse bills them.

    Returns:
        The number of rows.

    Raises:
        WarehouseError: The warehouse has refused them; the table is as it was.
    """
    there = _opened(publish, warehouse, root, labels=labels)
    rows, schema = _batches(predictions), predictions.schema
    if publish.how == "append":
        return append_rows(there, publish.table, rows, schema=schema, addition=name)
    return write_table(there, publish.table, rows, schema=schema)


def _opened(
    publish: Publish, warehouse: str, root: Path, *, labels: Mapping[str, str] | None = None
) -> Warehouse:
    return open_warehouse(publish.warehouse or warehouse, root=root, labels=labels)


def _path(url: str, root: Path) -> Path | None:
    scheme, _, path = url.partition(":")
    return (root / path).resolve() if scheme == "duckdb" else None


def _batches(predictions: ShardedDataset) -> Iterator[pa.RecordBatch]:
    for shard in range(predictions.num_shards):
        with pq.ParquetFile(predictions.shard_path(shard)) as file:
            yield from file.iter_batches()
