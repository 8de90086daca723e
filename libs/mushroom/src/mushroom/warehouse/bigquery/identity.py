"""Names that a repeated submission gives again, and labels as BigQuery takes them."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from mushroom.query import LocalRows, Query

__all__ = ["job_id", "labels_of", "rows_digest"]

_NOT_ALLOWED = re.compile(r"[^\w-]")
_LABEL_LENGTH = 63
_ROWS_AT_ONCE = 2**16


def job_id(query: Query, *, text: str, moment: str, states: Mapping[str, str]) -> str:
    """The id of the job that answers a query over tables in a known state.

    Labels, limits and the names of temporary tables have no part in it.

    Args:
        query: The query.
        text: Its text, compiled over names that do not change from run to run.
        moment: The time that it reads the tables as of; empty: as they are.
        states: The identity of each table's content.
    """
    rows = {
        name: rows_digest(relation.rows)
        for name, relation in query.relations.items()
        if isinstance(relation, LocalRows)
    }
    meaning = {
        "text": text,
        "parameters": query.identity()["parameters"],
        "rows": rows,
        "moment": moment,
        "states": dict(states),
    }
    digest = hashlib.sha256(json.dumps(meaning, sort_keys=True).encode()).hexdigest()
    return f"mushroom-{digest[:40]}"


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


def labels_of(given: Mapping[str, str]) -> dict[str, str]:
    """Labels as BigQuery takes them: lower-case letters, digits, `_` and `-`, 63 of them.

    >>> labels_of({"Case": "Online Retail/2", "9": "x", "method": ""})
    {'case': 'online_retail_2', 'l_9': 'x', 'method': ''}
    """
    found = {}
    for key, value in given.items():
        name = _NOT_ALLOWED.sub("_", key.lower())
        name = name if name[:1].isalpha() else f"l_{name}"
        found[name[:_LABEL_LENGTH]] = _NOT_ALLOWED.sub("_", value.lower())[:_LABEL_LENGTH]
    return found


class _Hashing(io.RawIOBase):
    """Takes bytes to hash, and keeps none."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, some: Any, /) -> int:
        self.digest.update(some)
        return len(memoryview(some))
