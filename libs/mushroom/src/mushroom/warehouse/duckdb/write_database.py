"""Prepared rows as a transaction on a DuckDB database file."""

# ruff: noqa: S608 (identifiers are quoted, and values bound)

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
from sqlglot import exp

from mushroom.errors import WarehouseError
from mushroom.warehouse.duckdb.types import googlesql_type
from mushroom.warehouse.prepared import Addition, PreparedRows, Replacement, check_fits

__all__ = ["LEDGER_SCHEMA", "write_into"]

LEDGER_SCHEMA = "mushroom_written"
"""The schema of the table that notes what was added to others."""

_LEDGER = f"{LEDGER_SCHEMA}.additions"
_MAKE_LEDGER = (
    f"CREATE SCHEMA IF NOT EXISTS {LEDGER_SCHEMA}",
    f"CREATE TABLE IF NOT EXISTS {_LEDGER} "
    '("schema" VARCHAR, "table" VARCHAR, addition VARCHAR, rows VARCHAR)',
)
_OF_TABLE = '"schema" = ? AND "table" = ?'


def write_into(
    path: Path, name: tuple[str, str], rows: PreparedRows, how: Replacement | Addition
) -> None:
    """Write rows into a table of a database file; see `Warehouse.write_rows`.

    Args:
        path: The file.
        name: The table's schema and name.
        rows: The rows.
        how: What becomes of them.
    """
    shown = f"{'.'.join(name)} of {path}"
    if name[0] == LEDGER_SCHEMA:
        raise WarehouseError(f"The schema {LEDGER_SCHEMA!r} is mushroom's own; name another.")
    try:
        with duckdb.connect(str(path)) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.begin()
            _write(connection, name, shown, rows, how)
            connection.commit()
    except (duckdb.Error, pa.ArrowException) as error:
        reason = str(error).partition("\n\n")[0].strip()
        raise WarehouseError(
            f"Writing {rows.count} rows to the table {shown} failed: {reason}"
        ) from error


def _write(
    connection: duckdb.DuckDBPyConnection,
    name: tuple[str, str],
    shown: str,
    rows: PreparedRows,
    how: Replacement | Addition,
) -> None:
    table = exp.table_(name[1], db=name[0], quoted=True).sql(dialect="duckdb")
    columns = _columns(connection, name)
    if isinstance(how, Addition) and not _note(
        connection, name, shown, rows, how, is_new=not columns
    ):
        return
    if not columns or how == Replacement():
        connection.register("columns", rows.schema.empty_table())
        connection.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM columns")
    else:
        check_fits(shown, columns, rows.schema)
        if isinstance(how, Replacement) and how.day is not None:
            column = exp.to_identifier(how.day[0], quoted=True).sql(dialect="duckdb")
            connection.execute(f"DELETE FROM {table} WHERE {column} = ?", [how.day[1]])
    schema = connection.table(table).limit(0).to_arrow_table().schema
    connection.register("rows", pa.RecordBatchReader.from_batches(schema, rows.batches(schema)))
    connection.execute(f"INSERT INTO {table} SELECT * FROM rows")


def _columns(connection: duckdb.DuckDBPyConnection, name: tuple[str, str]) -> dict[str, str]:
    found = connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position",
        list(name),
    ).fetchall()
    return {column: googlesql_type(kind) for column, kind in found}


def _note(
    connection: duckdb.DuckDBPyConnection,
    name: tuple[str, str],
    shown: str,
    rows: PreparedRows,
    addition: Addition,
    *,
    is_new: bool,
) -> bool:
    """Note an addition; False where it was made before."""
    for statement in _MAKE_LEDGER:
        connection.execute(statement)
    if is_new:
        connection.execute(f"DELETE FROM {_LEDGER} WHERE {_OF_TABLE}", list(name))
    known = connection.execute(
        f"SELECT rows FROM {_LEDGER} WHERE {_OF_TABLE} AND addition = ?", [*name, addition.name]
    ).fetchone()
    if known is None:
        values = [*name, addition.name, rows.digest]
        connection.execute(f"INSERT INTO {_LEDGER} VALUES (?, ?, ?, ?)", values)
        return True
    if known[0] != rows.digest:
        raise addition.of_other_rows(shown)
    return False
