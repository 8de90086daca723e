"""Prepared rows as a Parquet file, rewritten as a whole and put in place by a rename."""

from __future__ import annotations

import fcntl
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from gokart_store import remove_drafts

from mushroom.errors import WarehouseError
from mushroom.warehouse.arrow_types import googlesql_type
from mushroom.warehouse.prepared import (
    Addition,
    PreparedRows,
    Replacement,
    check_fits,
    file_batches,
)

__all__ = ["check_name", "write_file"]

_ADDITIONS = b"mushroom.additions"
"""The file's own note of what was added to it: names of additions, and digests of their rows."""

_NAME = re.compile(r"[^\W_][\w .-]*")


def check_name(table: str) -> None:
    """Refuse what is no name of a file of its own.

    Raises:
        WarehouseError: It is none.
    """
    if not _NAME.fullmatch(table):
        raise WarehouseError(
            f"{table!r} is no name of a table that can be written; take letters, digits, '-', '_', "
            "dots and spaces, and begin with a letter or digit."
        )


def write_file(path: Path, table: str, rows: PreparedRows, how: Replacement | Addition) -> None:
    """Write rows into a table's only file; see `Warehouse.write_rows`.

    Args:
        path: The file; made if there is none.
        table: What the table is called.
        rows: The rows.
        how: What becomes of them.
    """
    try:
        with _alone(path):
            remove_drafts(path)
            _write(path, table, rows, how)
    except (OSError, pa.ArrowException) as error:
        raise WarehouseError(
            f"Writing {rows.count} rows to the table {table} failed: {error}"
        ) from error


def _write(path: Path, table: str, rows: PreparedRows, how: Replacement | Addition) -> None:
    known, additions = _known(path)
    if isinstance(how, Addition):
        if how.name in additions:
            if additions[how.name] != rows.digest:
                raise how.of_other_rows(table)
            return
        additions[how.name] = rows.digest
    kept = known if how != Replacement() else None
    if kept is not None:
        columns = {field.name: googlesql_type(field) for field in kept}
        check_fits(table, columns, rows.schema)
    schema = kept or rows.schema
    noted = {**(schema.metadata or {}), _ADDITIONS: json.dumps(additions).encode()}
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with pq.ParquetWriter(draft, schema.with_metadata(noted)) as writer:
            for batch in _kept(path, how) if kept else ():
                writer.write_batch(batch)
            for batch in rows.batches(schema):
                writer.write_batch(batch)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process after the other write a file; readers are not in the way."""
    with path.with_name(f".{path.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _known(path: Path) -> tuple[pa.Schema | None, dict[str, str]]:
    """The schema of a file, and what was added to it; None of a file that is not there."""
    if not path.exists():
        return None, {}
    schema = pq.read_schema(path)
    noted = (schema.metadata or {}).get(_ADDITIONS, b"{}")
    return schema, json.loads(noted)


def _kept(path: Path, how: Replacement | Addition) -> Iterator[pa.RecordBatch]:
    batches = file_batches(path)
    if isinstance(how, Replacement) and how.day is not None:
        column, day = how.day
        for batch in batches:
            yield batch.filter(pc.fill_null(pc.not_equal(batch[column], day), True))
    else:
        yield from batches
