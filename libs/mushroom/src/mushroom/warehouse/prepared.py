"""Rows on their way into a warehouse, in a file, and what is to become of them."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mushroom.errors import WarehouseError
from mushroom.warehouse.arrow_types import googlesql_type, plain_type
from mushroom.warehouse.digests import rows_digest

__all__ = ["Addition", "PreparedRows", "Replacement", "check_fits", "file_batches", "prepared"]

_ROWS_AT_ONCE = 2**17


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """The rows take the place of a table's, or of those that have a day in a DATE column."""

    day: tuple[str, date] | None = None


@dataclass(frozen=True, kw_only=True)
class Addition:
    """The rows join a table's, unless they have done so under this name.

    Attributes:
        name: What tells the addition from others to the table.
        partitioned_by: The DATE column that a table is partitioned by which is made for them.
    """

    name: str
    partitioned_by: str | None = None

    def of_other_rows(self, table: str) -> WarehouseError:
        """The error where other rows were added under this name."""
        return WarehouseError(
            f"The addition {self.name!r} to {table} was made before, with other rows; give these "
            "a name of their own."
        )


@dataclass(frozen=True, kw_only=True)
class PreparedRows:
    """Rows in a Parquet file that lasts as long as the block which prepared them.

    Attributes:
        path: The file.
        schema: Their types, one Arrow type for each GoogleSQL type.
        count: How many they are.
        digest: What tells them from others, however they were cut into batches.
    """

    path: Path
    schema: pa.Schema
    count: int
    digest: str

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """The rows as the columns and types of a table that they fit."""
        for batch in file_batches(self.path):
            yield batch.select(schema.names).cast(schema)


def file_batches(path: Path) -> Iterator[pa.RecordBatch]:
    """The rows of a Parquet file, in flat memory."""
    with pq.ParquetFile(path) as file:
        # Not every version of pyarrow iterates over a file without any row group.
        if file.num_row_groups:
            yield from file.iter_batches()


@contextmanager
def prepared(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema, *, day: tuple[str, date] | None = None
) -> Iterator[PreparedRows]:
    """Write rows into a file, in flat memory, for as long as the block lasts.

    Args:
        batches: The rows.
        schema: Their types.
        day: A column and the day that all must have in it.

    Raises:
        WarehouseError: A type has no counterpart in a warehouse, a value does not fit its type, a
            name stands twice, or a row has another day.
    """
    plain = _plain(schema)
    digest, count = hashlib.sha256(), 0
    with tempfile.TemporaryDirectory(prefix="mushroom-rows-") as folder:
        path = Path(folder, "rows.parquet")
        with pq.ParquetWriter(path, plain) as writer:
            for rows in _evenly(batches, plain):
                _check_day(rows, day)
                writer.write_table(rows)
                digest.update(rows_digest(rows).encode())
                count += rows.num_rows
        yield PreparedRows(path=path, schema=plain, count=count, digest=digest.hexdigest())


def check_fits(table: str, columns: Mapping[str, str], schema: pa.Schema) -> None:
    """See that rows have exactly a table's columns, with their types, in any order.

    Raises:
        WarehouseError: They do not; it names each column at fault.
    """
    found = {field.name: googlesql_type(field) for field in schema}
    faults = [f"they lack its column {name!r} ({columns[name]})" for name in columns.keys() - found]
    faults += [f"it has no column {name!r} ({found[name]})" for name in found.keys() - columns]
    faults += [
        f"{name!r} is {found[name]}, and {columns[name]} in it"
        for name in found.keys() & columns
        if _family(found[name]) != _family(columns[name])
    ]
    if faults:
        raise WarehouseError(
            f"The rows do not fit the table {table}: {'; '.join(sorted(faults))}. Write rows with "
            "its columns and types, or replace the whole table."
        )


def _plain(schema: pa.Schema) -> pa.Schema:
    for field in schema:
        googlesql_type(field)
    names = [name.lower() for name in schema.names]
    if twice := [name for name in schema.names if names.count(name.lower()) > 1]:
        raise WarehouseError(f"The rows have more than one column {twice[0]!r}; rename them.")
    if not names:
        raise WarehouseError("The rows have no columns; a table needs one.")
    return pa.schema([pa.field(field.name, plain_type(field.type)) for field in schema])


def _evenly(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    waiting: list[pa.Table] = []
    for batch in batches:
        waiting.append(_cast(batch, schema))
        if sum(table.num_rows for table in waiting) < _ROWS_AT_ONCE:
            continue
        together = pa.concat_tables(waiting)
        whole = together.num_rows - together.num_rows % _ROWS_AT_ONCE
        for start in range(0, whole, _ROWS_AT_ONCE):
            yield together.slice(start, _ROWS_AT_ONCE)
        waiting = [together.slice(whole)]
    rest = pa.concat_tables([schema.empty_table(), *waiting])
    if rest.num_rows:
        yield rest


def _cast(batch: pa.RecordBatch, schema: pa.Schema) -> pa.Table:
    try:
        return pa.Table.from_batches([batch]).cast(schema)
    except (pa.ArrowException, ValueError) as error:
        raise WarehouseError(
            f"The rows are not of the types that they should have: {error}"
        ) from error


def _check_day(rows: pa.Table, day: tuple[str, date] | None) -> None:
    if day is None:
        return
    column, wanted = day
    if other := [found for found in rows[column].unique().to_pylist() if found != wanted]:
        raise WarehouseError(
            f"The rows for the partition {wanted} of {column!r} must all have that day, got "
            f"{other[0]}."
        )


def _family(kind: str) -> str:
    """NUMERIC for both of its widths: whether a value fits is seen when it is written."""
    return kind.removeprefix("BIG")
