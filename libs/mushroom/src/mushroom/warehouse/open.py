"""From a URL to a warehouse."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from mushroom.errors import WarehouseError
from mushroom.names import check_text
from mushroom.warehouse.protocol import Warehouse

__all__ = ["open_warehouse"]


def open_warehouse(
    url: str,
    *,
    root: Path | str,
    cache: Path | None = None,
    moment: str = "",
    labels: Mapping[str, str] | None = None,
    memory_gib: float | None = None,
) -> Warehouse:
    """The warehouse at a URL.

    Args:
        url: `duckdb:FOLDER` reads a folder of Parquet and CSV files in place; `duckdb:gs://BUCKET`
            or `duckdb:gs://BUCKET/PREFIX` reads such files in a bucket, with the extra `gcs`;
            `duckdb:FILE.duckdb` reads a DuckDB database file;
            `bigquery://PROJECT/DATASET?location=EU` reads BigQuery, with the extra `bigquery`.
        root: The folder that relative paths start from.
        cache: A folder that remembers the files' hashes between processes, and what a run has read
            of BigQuery; None: nowhere.
        moment: The time to read tables as of, from the warehouse's `moment`; empty: as they are.
        labels: What jobs are marked with, where the warehouse bills them.
        memory_gib: What a query may take of this machine's memory, where it runs here; None: most
            of it.

    Raises:
        WarehouseError: The scheme is unknown, nothing lies at the path, or `root` is no path.
    """
    check_text(url, what="The URL of a warehouse", error=WarehouseError)
    if not isinstance(root, Path):
        check_text(root, what="The folder that relative paths start from", error=WarehouseError)
    scheme, _, path = url.partition(":")
    if scheme == "bigquery":
        from mushroom.warehouse.bigquery import BigQueryWarehouse

        return BigQueryWarehouse(url, moment=moment, labels=labels, cache=cache)
    if scheme == "duckdb" and path:
        from mushroom.warehouse.duckdb import DuckDBWarehouse

        place = path if path.startswith("gs://") else Path(os.path.realpath(Path(root) / path))
        return DuckDBWarehouse(url, place=place, cache=cache, memory_gib=memory_gib)
    raise WarehouseError(
        f"Unknown warehouse {url!r}: write duckdb:FOLDER or duckdb:FILE.duckdb, "
        "duckdb:gs://BUCKET/PREFIX, or bigquery://PROJECT/DATASET."
    )
