"""The files that a list and its report go into."""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from gokart_store import write_whole
from mushroom.spreadsheets import without_formulas
from pyarrow import csv

from reactivation_list.errors import OutputError, RequestError
from reactivation_list.making import Reactivation
from reactivation_list.report import render_json, render_markdown

__all__ = ["check_output", "write_list", "write_report"]

LISTS = (".csv", ".parquet")
REPORTS = {".md": render_markdown, ".json": render_json}


def check_output(path: Path, *, option: str, endings: tuple[str, ...]) -> None:
    """Refuse, before anything is read, a file that could not be written.

    Raises:
        RequestError: Its ending is unknown, or its folder is missing.
    """
    if path.suffix not in endings:
        raise RequestError(f"{option} {path} must end in one of {', '.join(endings)}.")
    if not path.parent.is_dir():
        raise RequestError(f"{option} {path}: there is no folder {path.parent}; make it first.")


def write_list(customers: pa.Table, path: Path) -> None:
    """Write CSV or Parquet; the same list gives the same bytes.

    CSV is what people open in a spreadsheet, and ids may be chosen by the customers themselves: a
    text that a spreadsheet would compute gets an apostrophe before it. Parquet holds it as it is.

    Raises:
        OutputError: The disk takes no more.
    """
    data = io.BytesIO()
    if path.suffix == ".parquet":
        pq.write_table(customers, data, compression="zstd")
    else:
        csv.write_csv(without_formulas(customers), data)
    _write(path, data.getvalue(), option="--out")


def write_report(made: Reactivation, path: Path) -> None:
    """Write Markdown or JSON.

    Raises:
        OutputError: The disk takes no more.
    """
    _write(path, REPORTS[path.suffix](made), option="--report")


def _write(path: Path, data: bytes | str, *, option: str) -> None:
    try:
        write_whole(path, data)
    except OSError as error:
        raise OutputError(f"{option} {path} cannot be written: {error.strerror}.") from error
