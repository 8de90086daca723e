"""What tells rows from others."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pyarrow as pa

__all__ = ["rows_digest"]

_ROWS_AT_ONCE = 2**16


def rows_digest(rows: pa.Table) -> str:
    """The sha256 of rows, their order and types included, however they are chunked."""
    plain = rows.replace_schema_metadata(None)
    hashing = _Hashing()
    with pa.ipc.new_stream(hashing, plain.schema) as writer:
        for start in range(0, plain.num_rows, _ROWS_AT_ONCE):
            some = plain.slice(start, _ROWS_AT_ONCE)
            # Arrays made anew: those of a slice may begin within a byte.
            writer.write_table(some.take(pa.array(range(some.num_rows))).combine_chunks())
    return hashing.digest.hexdigest()


class _Hashing(io.RawIOBase):
    """Takes bytes to hash, and keeps none."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, some: Any, /) -> int:
        self.digest.update(some)
        return len(memoryview(some))
