"""From a URL to a warehouse."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mushroom.errors import WarehouseError
from mushroom.warehouse.protocol import Warehouse

__all__ = ["open_warehouse"]


def open_warehouse(
    url: str,
    *,
    root: Path,
    cache: Path | None = None,
    moment: str = "",
    labels: Mapping[str, str] | None = None,
) -> Warehouse:
    """The warehouse at a URL.

    Args:
        url: `duckdb:FOLDER` reads a folder of Parquet and CSV files in place, each a table named
            as the file without its ending; `duckdb:FILE.duckdb` reads a DuckDB database file;
            `bigquery://PROJECT/DATASET?location=EU` reads BigQuery, with the extra `bigquery`.
        root: The folder that relative paths start from.
        cache: A folder that remembers the files' hashes between processes, and what a run has read
            of BigQuery; None: nowhere.
        moment: The time to read tables as of, from the warehouse's `moment`; empty: as they are.
        labels: What jobs are marked with, where the warehouse bills them.

    Raises:
        WarehouseError: The scheme is unknown, or nothing lies at the path.
    """
    scheme, _, path = url.partition(":")
    if scheme == "bigquery":
        from mushroom.warehouse.bigquery import BigQueryWarehouse

        return BigQueryWarehouse(url, moment=moment, labels=labels, cache=cache)
    if scheme == "duckdb" and path:
        from mushroom.warehouse.duckdb import DuckDBWarehouse

        return DuckDBWarehouse(url, path=(root / path).resolve(), cache=cache)
    raise WarehouseError(
        f"Unknown warehouse {url!r}: write duckdb:FOLDER or duckdb:FILE.duckdb, or "
        "bigquery://PROJECT/DATASET."
    )
