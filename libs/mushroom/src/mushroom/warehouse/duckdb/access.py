"""What files a connection may read and write, and how they are named to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from mushroom.errors import WarehouseError

__all__ = ["allowed", "shut_off", "without_wildcards"]


def shut_off(connection: duckdb.DuckDBPyConnection, folders: Sequence[str]) -> None:
    """Leave a connection only what lies below some folders, for as long as it is open."""
    connection.execute("SET allowed_directories = $folders", {"folders": list(folders)})
    connection.execute("SET enable_external_access = false")


def allowed(folder: Path) -> tuple[str, str]:
    """The names by which `shut_off` leaves a folder.

    DuckDB checks a pattern before it expands it, and then each file that it finds.

    Raises:
        WarehouseError: DuckDB has no pattern for the folder.
    """
    return str(folder), without_wildcards(str(folder))


def without_wildcards(path: str) -> str:
    """A pattern for nothing but the file at a path.

    Raises:
        WarehouseError: DuckDB has no such pattern.
    """
    # In a pattern DuckDB takes a backslash for the end of a folder's name, on any system.
    if "\\" in path and set("[*?") & set(path):
        raise WarehouseError(
            f"DuckDB cannot read {path}: a path may hold a backslash or one of [, * and ?, but "
            "not both. Rename the file or its folder."
        )
    return "".join(f"[{letter}]" if letter in "[*?" else letter for letter in path)
