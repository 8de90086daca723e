"""From a URL to a warehouse."""

from __future__ import annotations

from pathlib import Path

from mushroom.errors import WarehouseError
from mushroom.warehouse.protocol import Warehouse

__all__ = ["open_warehouse"]


def open_warehouse(url: str, *, root: Path, cache: Path | None = None) -> Warehouse:
    """The warehouse at a URL.

    Args:
        url: `duckdb:FOLDER` reads a folder of Parquet and CSV files in place, each a table named
            as the file without its ending; `duckdb:FILE.duckdb` reads a DuckDB database file.
        root: The folder that relative paths start from.
        cache: A folder that remembers the files' hashes between processes; None: nowhere.

    Raises:
        WarehouseError: The scheme is unknown, or nothing lies at the path.
    """
    scheme, _, path = url.partition(":")
    if scheme != "duckdb" or not path:
        raise WarehouseError(
            f"Unknown warehouse {url!r}: write duckdb:FOLDER or duckdb:FILE.duckdb."
        )
    from mushroom.warehouse.duckdb import DuckDBWarehouse

    return DuckDBWarehouse(url, path=(root / path).resolve(), cache=cache)
