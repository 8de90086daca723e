"""What DuckDB's errors mean, in sentences that say what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from mushroom.errors import WarehouseError

__all__ = ["refusals"]

_NO_DIALECT = re.compile(r'Error when sniffing file "(.*)"')
_NO_UTF8 = re.compile(
    r"CSV Error on Line: (\d+).*not utf-8 encoded.*^  file = ([^\n]*)", re.S | re.M
)
_TOO_LONG = re.compile(
    r"Overflow in .*(DECIMAL\(38|HUGEINT)|Could not cast value .* to DECIMAL\(38"
)
_DIGITS = re.compile(r"(\d{20})\d{20,}(\.\d+)?")
_FULL = ("max_temp_directory_size", "No space left on device", "File too large")


@contextmanager
def refusals(reads: str, *, memory_gib: float | None, spill: str) -> Iterator[None]:
    """Turn DuckDB's errors into the warehouse's.

    Args:
        reads: What the query reads, for the message.
        memory_gib: What it may take.
        spill: The folder for what does not fit.

    Raises:
        WarehouseError: In place of DuckDB's error.
    """
    try:
        yield
    except (duckdb.Error, pa.ArrowException) as error:
        raise WarehouseError(_meaning(str(error), reads, memory_gib, spill, error)) from error


def _meaning(text: str, reads: str, memory_gib: float | None, spill: str, error: Exception) -> str:
    # DuckDB's first paragraph says what is wrong; advice on its own options follows.
    reason = text.partition("\n\n")[0].strip()
    is_io = isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException)
    if is_io and any(word in text for word in _FULL):
        return (
            f"A query that reads {reads} needs more room on disk than there is in {spill}, where "
            "it puts what does not fit into memory. Let TMPDIR name a folder on a larger disk, "
            f"raise query_memory_gib, or cut the population into more shards. DuckDB says: {reason}"
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        limit = "most of the machine" if memory_gib is None else f"{memory_gib:g} GiB"
        return (
            f"A query that reads {reads} needs more memory than it may take, {limit}. Raise "
            "query_memory_gib, let it run on fewer threads, cut the population into more shards, "
            f"or ask for fewer columns at a time. DuckDB says: {reason}"
        )
    if _TOO_LONG.search(text):
        said = _DIGITS.sub(r"\1…", reason.partition(". You might")[0])
        return (
            f"A query that reads {reads} met a number, or a sum, product or square of numbers, of "
            "more digits than the 38 that exact ones have. Give the measure a smaller scale in "
            "the catalogue, leave such rows out by its `where`, or ask for no squares, which std "
            f"needs. DuckDB says: {said}"
        )
    return f"A query that reads {reads} failed: {_of_csv(text) or reason}"


def _of_csv(text: str) -> str | None:
    """What is wrong with a CSV file; None where it is something else."""
    if found := _NO_DIALECT.search(text):
        return (
            f"{found[1]} cannot be read as CSV, since its lines do not have the same number of "
            "columns, whatever separates them. Look for a line with too few or too many of them, "
            "and for a quote without its other."
        )
    if found := _NO_UTF8.search(text):
        return f"{found[2]} is not in UTF-8, as line {found[1]} shows; write it in that encoding."
    return None
