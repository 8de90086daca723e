"""Describes a table of features by what is stored of it already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from gokart_store import ShardedDataset

from mushroom.features.facts import FACTS, KNOWN, NOT_FINITE
from mushroom.features.rows import KEYS

__all__ = ["describe_features"]


def describe_features(table: ShardedDataset, parts: Mapping[str, ShardedDataset]) -> dict[str, Any]:
    """Count rows and values that a person should know of.

    No feature is read: the facts are columns of the parts, and what a column holds stands in the
    statistics of its Parquet files.

    Args:
        table: The joined features.
        parts: The features by name, row-aligned with the table.

    Returns:
        `rows`; `unknown_rows`, those of entities that no feature's table knows; `features`: by
        name `unknown_rows` and `not_finite`, how often a row with a NaN or an infinite number was
        seen; `constant_columns`, which hold one and the same value in all of several rows;
        `missing_columns`, which hold none.
    """
    unknown = 0
    found = {name: {"unknown_rows": 0, "not_finite": 0} for name in parts}
    for shard in range(table.num_shards):
        facts = {name: part.shard(shard, [*FACTS]) for name, part in parts.items()}
        for name, rows in facts.items():
            found[name]["unknown_rows"] += _total(pc.invert(rows[KNOWN]))
            found[name]["not_finite"] += _total(rows[NOT_FINITE])
        unknown += _rows_that_none_knows([rows[KNOWN] for rows in facts.values()])
    columns = [name for name in table.schema.names if name not in KEYS]
    total = table.num_rows
    values = _few_values(table, columns)
    return {
        "rows": total,
        "unknown_rows": unknown,
        "features": found,
        "constant_columns": [n for n in columns if total > 1 and _is_constant(values[n])],
        "missing_columns": [n for n in columns if values[n] == {None}],
    }


def _rows_that_none_knows(known: list[pa.ChunkedArray]) -> int:
    if not known:
        return 0
    by_any = known[0]
    for column in known[1:]:
        by_any = pc.or_(by_any, column)
    return _total(pc.invert(by_any))


def _total(values: pa.ChunkedArray) -> int:
    return int(pc.sum(values, min_count=0).as_py())


def _is_constant(values: set[Any]) -> bool:
    return len(values) == 1 and values != {None}


def _few_values(table: ShardedDataset, names: Sequence[str]) -> dict[str, set[Any]]:
    """By column its value if there is one in all rows, None if missing; else two or three."""
    seen: dict[str, set[Any]] = {name: set() for name in names}
    for shard in range(table.num_shards):
        metadata = pq.read_metadata(table.shard_path(shard))
        places = {name: at for at, name in enumerate(metadata.schema.names)}
        for group, name in product(range(metadata.num_row_groups), names):
            if len(seen[name]) < 2:
                found = _bounds(metadata.row_group(group).column(places[name]))
                # Parquet keeps no statistics of very long texts.
                seen[name] |= _values(table.shard(shard, [name])) if found is None else found
    return seen


def _bounds(column: pq.ColumnChunkMetaData) -> set[Any] | None:
    """The least and the largest value, and None where one is missing; None: not known."""
    statistics, rows = column.statistics, column.num_values
    if statistics is None:
        return None
    missing = {None} if statistics.null_count else set()
    if statistics.has_min_max:
        return {statistics.min, statistics.max} | missing
    return missing if statistics.null_count == rows else None


def _values(column: pa.Table) -> set[Any]:
    return set(column.column(0).unique().to_pylist())
