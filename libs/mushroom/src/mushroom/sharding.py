"""Rows in shards by their entity: how a warehouse sorts them, and how a stream of them is cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa
from sqlglot import exp

from mushroom.googlesql import parse_query

__all__ = ["SHARD", "SHARDS", "by_shard", "split_shards"]

SHARD = "shard"
"""The column with the number of a row's shard."""

SHARDS = "shards"
"""The query parameter with the number of shards."""

_SHARDED = """
SELECT
  entity_id,
  MOD(
    CAST(CONCAT('0x', SUBSTR(TO_HEX(MD5(CAST(entity_id AS STRING))), 1, 15)) AS INT64),
    @shards
  ) AS shard
FROM entities_known
ORDER BY shard, entity_id
"""


def by_shard(rows: exp.Query, *columns: str) -> exp.Query:
    """Sort rows by (shard, entity_id), as `split_shards` takes them.

    Args:
        rows: A query for `entity_id` and the columns.
        columns: What to keep beside the id.

    Returns:
        `entity_id`, the shard that `mushroom.entities.shard_of` says, and the columns.
    """
    kept = map(exp.column, columns)
    return parse_query(_SHARDED).select(*kept).with_("entities_known", as_=rows)


def split_shards(
    batches: Iterable[pa.RecordBatch], shards: int, *, column: str = SHARD
) -> Iterator[pa.Table]:
    """The rows of each shard in turn, from batches sorted by shard; nothing if there is no batch.

    Args:
        batches: Batches with numbers below `shards`, and any other columns.
        shards: How many shards.
        column: The column of the numbers, which is left out.
    """
    held: list[pa.Table] = []
    current = 0
    schema: pa.Schema | None = None
    for batch in batches:
        rows = pa.Table.from_batches([batch]).drop_columns([column])
        schema = rows.schema
        position = 0
        for run in batch[column].value_counts():
            shard, count = run["values"].as_py(), run["counts"].as_py()
            while current < shard:
                yield _together(held, schema)
                held, current = [], current + 1
            held.append(rows.slice(position, count))
            position += count
    while schema is not None and current < shards:
        yield _together(held, schema)
        held, current = [], current + 1


def _together(tables: list[pa.Table], schema: pa.Schema) -> pa.Table:
    return pa.concat_tables(tables) if tables else schema.empty_table()
