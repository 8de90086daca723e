"""Reads the files of one table as one relation, if they fit together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from mushroom.errors import WarehouseError
from mushroom.warehouse.duckdb.access import without_wildcards
from mushroom.warehouse.duckdb.layout import FileTable

__all__ = ["check_alike", "read_files", "to_microseconds"]

# pandas writes nanoseconds into Parquet; DuckDB compares them with no time that has a zone.
_MICROSECONDS = {"TIMESTAMP_NS": "TIMESTAMP", "TIMESTAMPTZ_NS": "TIMESTAMPTZ"}


def check_alike(
    connection: duckdb.DuckDBPyConnection, table: FileTable, paths: Sequence[Path]
) -> tuple[str, ...]:
    """The columns of the table: those that all files share, then those that their folders give.

    Args:
        connection: Reads the files.
        table: What the files are called.
        paths: Where they lie, in the same order.

    Raises:
        WarehouseError: A file is empty, or has other columns than the first, or Parquet of another
            type; or a column is also a folder's.
    """
    first: dict[str, str] = {}
    for name, path in zip(table.files, paths, strict=True):
        if path.stat().st_size == 0:
            raise WarehouseError(
                f"The file {name} of the table {table.name!r} is empty, without so much as the "
                "names of columns; write it again, or remove it."
            )
        relation = _read(connection, table, [path])
        found = dict(zip(relation.columns, map(str, relation.types), strict=True))
        first = first or found
        if fault := _difference(first, found, is_typed=table.is_parquet):
            raise WarehouseError(
                f"The files of the table {table.name!r} differ: {name} {fault} {table.files[0]}. "
                "Write them alike, or make them tables of their own."
            )
    if table.keys:
        # DuckDB would take the value of any folder on the path for that of a column.
        above = {part.partition("=")[0] for part in paths[0].parts[:-1] if "=" in part}
        taken = {key.lower() for key in above | set(table.keys)}
        if twice := [column for column in first if column.lower() in taken]:
            raise WarehouseError(
                f"The files of the table {table.name!r} have a column {twice[0]!r}, and so has the "
                f"path of {table.files[0]}; rename the folders, or write the files without it."
            )
    return (*first, *table.keys)


def read_files(
    connection: duckdb.DuckDBPyConnection,
    table: FileTable,
    paths: Sequence[Path],
    columns: Sequence[str],
) -> duckdb.DuckDBPyRelation:
    """The rows of all files.

    Args:
        connection: Reads the files.
        table: What the files are called.
        paths: Where they lie, in the same order.
        columns: What `check_alike` has found.
    """
    if not table.keys:
        return _read(connection, table, paths)
    relation = _read(connection, table, paths, is_keyed=True)
    return relation.select(*map(duckdb.ColumnExpression, columns))


def to_microseconds(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """The same rows, with times as GoogleSQL knows them: rounded to microseconds."""
    kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
    if not set(kinds.values()) & set(_MICROSECONDS):
        return relation
    return relation.select(*(_in_microseconds(name, kind) for name, kind in kinds.items()))


def _in_microseconds(name: str, kind: str) -> duckdb.Expression:
    column = duckdb.ColumnExpression(name)
    if kind not in _MICROSECONDS:
        return column
    return column.cast(duckdb.sqltype(_MICROSECONDS[kind])).alias(name)


def _difference(first: dict[str, str], found: dict[str, str], *, is_typed: bool) -> str:
    for column, kind in first.items():
        if column not in found:
            return f"has no column {column!r}, unlike"
        if is_typed and found[column] != kind:
            return f"has the column {column!r} as {found[column]}, which is {kind} in"
    for column in found:
        if column not in first:
            return f"has a column {column!r}, unlike"
    if not is_typed and list(found) != list(first):
        # DuckDB takes the columns of several CSV files by their places.
        moved = next(a for a, b in zip(found, first, strict=True) if a != b)
        return f"has the column {moved!r} at another place than"
    return ""


def _read(
    connection: duckdb.DuckDBPyConnection,
    table: FileTable,
    paths: Sequence[Path],
    *,
    is_keyed: bool = False,
) -> duckdb.DuckDBPyRelation:
    texts = [without_wildcards(str(path)) for path in paths]
    if table.is_parquet:
        return connection.read_parquet(texts, hive_partitioning=is_keyed)
    # All rows of all files decide a column's type: no late odd value fails a running query.
    return connection.read_csv(
        texts,  # type: ignore[arg-type]  # its stub knows one file only
        sample_size=-1,
        files_to_sniff=-1,
        hive_partitioning=is_keyed,
    )
