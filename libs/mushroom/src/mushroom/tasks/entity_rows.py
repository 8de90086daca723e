"""Rows that somebody lists: whom to describe, and when each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import cached_property

import luigi
import pyarrow as pa
from gokart_store import DatasetFormat, JsonParameter, Resources, ShardedDataset, write_shards
from sqlglot import exp

from mushroom.entities import check_present, entity_rows, unique_rows
from mushroom.errors import EntityError, about
from mushroom.query import PhysicalTable, Query
from mushroom.rows import RowOptions, check_columns, parse_rows
from mushroom.sharding import SHARDS, by_shard, split_shards
from mushroom.tasks.base import WarehouseTask

__all__ = ["EntityRows"]


class EntityRows(WarehouseTask[ShardedDataset]):
    """The rows of a table of entities and times, each described as of its own time.

    Columns: `entity_id`, `as_of`, `data_until`; an entity lies in the shard that
    `mushroom.entities.shard_of` says, and the rows of a shard are sorted by entity and time.

    Args:
        rows: `RowOptions` as JSON.
        shards: How many shards.
    """

    VERSION = 2
    format = DatasetFormat()
    rows = JsonParameter()
    shards = luigi.IntParameter(default=8)

    @cached_property
    def options(self) -> RowOptions:
        """The parsed options."""
        return parse_rows(self.rows.value)

    def queries(self) -> dict[str, Query]:
        """The rows with their shards."""
        columns = self.options.columns
        listed = exp.select(
            *(exp.alias_(exp.column(column, quoted=True), name) for name, column in columns.items())
        ).from_("listed")
        tree = by_shard(listed, *(name for name in columns if name != "entity_id"))
        relations = {"listed": PhysicalTable(name=self.options.table)}
        return {"rows": Query(tree=tree, parameters={SHARDS: self.shards}, relations=relations)}

    def fingerprint(self) -> dict[str, object]:
        """The query and snapshot, and the time zone that dates are read in."""
        return {**super().fingerprint(), "timezone": self.catalog_model.timezone}

    def required_resources(self) -> Resources:
        """Flat in the number of rows: one shard is held at a time."""
        return Resources(cpu=self.threads, memory_gib=self.query_memory_gib + 0.5)

    def run(self) -> None:
        """Stream the rows into their shards.

        Raises:
            EntityError: A column is missing, or the rows are not usable.
        """
        what = f"the table {self.options.table!r}"
        timezone = self.catalog_model.timezone
        with self.writing() as folder, self.reading() as warehouse:
            check_columns(warehouse, self.options.table, self.options.columns, what="The table")
            query = self.queries()["rows"]
            with closing(warehouse.stream(query, threads=self.threads)) as batches:
                shards = split_shards(_usable(batches, what=what), self.shards)
                write_shards(
                    folder,
                    (
                        unique_rows(entity_rows(rows, timezone=timezone, what=what), what=what)
                        for rows in shards
                    ),
                )


def _usable(batches: Iterable[pa.RecordBatch], *, what: str) -> Iterator[pa.RecordBatch]:
    """Pass batches on whose rows have an entity, of which there must be some."""
    is_empty = True
    for batch in batches:
        with about("entity"):
            ids = pa.chunked_array([batch["entity_id"]])
            check_present(ids, what=f"The column for entity_id in {what}")
        is_empty = is_empty and not batch.num_rows
        yield batch
    if is_empty:
        raise EntityError(f"There are no rows in {what}; there is nobody to describe.")
