"""How rows are shown and written."""

import csv
import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from gokart_store import ShardedDataset

from mushroom.errors import MethodError
from mushroom.spreadsheets import as_text

__all__ = ["as_json_rows", "check_output", "csv_parts", "text_table", "write_output"]

_ENDINGS = (".parquet", ".csv")
_WIDEST = 60
_BATCH_ROWS = 65_536


def check_output(path: Path) -> None:
    """Refuse, before any query runs, a file that could not be written.

    Raises:
        MethodError: Its ending is unknown, or its folder is missing.
    """
    if path.suffix not in _ENDINGS:
        raise MethodError(f"--output {path} must end in .parquet or .csv, or be - for CSV here.")
    if not path.parent.is_dir():
        raise MethodError(f"--output {path}: there is no folder {path.parent}; make it first.")


def write_output(rows: ShardedDataset, path: Path) -> None:
    """Write rows, a shard at a time, to a file that is whole or not there."""
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        if path.suffix == ".parquet":
            with pq.ParquetWriter(draft, rows.schema) as writer:
                for shard in range(rows.num_shards):
                    writer.write_table(rows.shard(shard))
        else:
            with draft.open("w", encoding="utf-8", newline="") as file:
                file.writelines(csv_parts(rows))
        draft.replace(path)
    except OSError as error:
        raise MethodError(f"--output {path} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)


def csv_parts(rows: ShardedDataset) -> Iterator[str]:
    """CSV with a header; times are ISO 8601, NULL is empty, arrays and structs are JSON.

    A text that a spreadsheet would compute gets an apostrophe before it.
    """
    yield _csv([[as_text(name) for name in rows.schema.names]])
    for shard in range(rows.num_shards):
        for batch in rows.shard(shard).to_batches(max_chunksize=_BATCH_ROWS):
            yield _csv([_in_csv(value) for value in row.values()] for row in batch.to_pylist())


def _in_csv(value: Any) -> Any:
    return as_text(value) if isinstance(value, str) else _plain(value)


def _csv(lines: Iterable[Sequence[Any]]) -> str:
    written = _Lines()
    # What the writer ends lines with decides what it quotes: either of both, as readers want it.
    csv.writer(written, lineterminator="\r\n").writerows(lines)
    return "".join(written.found)


class _Lines:
    """Takes the lines of a CSV writer, and ends them by one character."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def write(self, line: str) -> None:
        self.found.append(line.removesuffix("\r\n") + "\n")


def as_json_rows(rows: pa.Table) -> list[dict[str, Any]]:
    """The rows as JSON values; a NUMERIC is a text, so that it stays exact."""
    return [{name: _jsonable(value) for name, value in row.items()} for row in rows.to_pylist()]


def text_table(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows below their names, numbers to the right."""
    values = [list(row) for row in rows]
    cells = [list(names), *([_cell(value) for value in row] for row in values)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(names))]
    numeric = [all(_is_number(row[i]) for row in values) for i in range(len(names))]
    lines = (
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in cells
    )
    head, *rest = lines
    return "\n".join([head, "─" * (sum(widths) + 2 * (len(widths) - 1)), *rest])


def _cell(value: Any) -> str:
    text = str(_plain(value))
    printable = "".join(letter if letter.isprintable() else "�" for letter in text)
    return printable if len(printable) <= _WIDEST else f"{printable[: _WIDEST - 1]}…"


def _plain(value: Any) -> Any:
    value = _jsonable(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else value


def _jsonable(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case list():
            return [_jsonable(item) for item in value]
        case dict():
            return {key: _jsonable(item) for key, item in value.items()}
    return value


def _is_number(value: Any) -> bool:
    return value is None or (
        isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    )
