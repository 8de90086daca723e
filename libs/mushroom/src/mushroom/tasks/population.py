"""The scoring rows: every entity seen by a time, in shards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property

import luigi
import pyarrow as pa
from gokart_store import DatasetFormat, Resources, ShardedDataset, write_shards

from mushroom.entities import entity_ids
from mushroom.errors import EntityError
from mushroom.instants import INSTANT, parse_instant
from mushroom.population import population_query
from mushroom.query import Query
from mushroom.tasks.base import WarehouseTask

__all__ = ["Population"]


class Population(WarehouseTask[ShardedDataset]):
    """All entities of a table that were known by a time, all described as of one time.

    Columns: `entity_id`, `as_of`, `data_until`; an entity lies in the shard that
    `mushroom.entities.shard_of` says, and the rows of a shard are sorted.

    Args:
        table: The logical name of an events table (entities with an event available by
            `data_until`) or an attributes table (entities with a row valid by then).
        as_of: An ISO date or time; a date means 00:00 in the catalogue's time zone.
        data_until: Likewise; empty means `as_of`.
        shards: How many shards.
    """

    VERSION = 2
    format = DatasetFormat()
    table = luigi.Parameter()
    as_of = luigi.Parameter()
    data_until = luigi.Parameter(default="")
    shards = luigi.IntParameter(default=8)

    @cached_property
    def instants(self) -> tuple[datetime, datetime]:
        """When the entities are described, and until when data is used.

        Raises:
            EntityError: One is not a time, or the second lies after the first.
        """
        timezone = self.catalog_model.timezone
        as_of = parse_instant(self.as_of, timezone=timezone)
        until = parse_instant(self.data_until or self.as_of, timezone=timezone)
        if until > as_of:
            raise EntityError(
                f"The population's data_until, {until.isoformat()}, lies after its as_of, "
                f"{as_of.isoformat()}; set it to as_of or earlier."
            )
        return as_of, until

    def queries(self) -> dict[str, Query]:
        """The distinct entities with their shards."""
        _, until = self.instants
        query = population_query(
            self.catalog_model, self.table, data_until=until, shards=self.shards
        )
        return {"population": query}

    def fingerprint(self) -> dict[str, object]:
        """The query and snapshot, and the instants that the texts of the times mean."""
        return {**super().fingerprint(), "instants": [time.isoformat() for time in self.instants]}

    def required_resources(self) -> Resources:
        """Flat in the number of entities: one shard is held at a time."""
        return Resources(cpu=self.threads, memory_gib=self.query_memory_gib + 0.5)

    def run(self) -> None:
        """Stream the entities into their shards."""
        as_of, until = self.instants
        with self.writing() as folder, self.reading() as warehouse:
            batches = warehouse.stream(self.queries()["population"], threads=self.threads)
            shards = split_shards(batches, self.shards)
            write_shards(folder, (described(ids, as_of, until) for ids in shards))


def split_shards(batches: Iterable[pa.RecordBatch], shards: int) -> Iterator[pa.ChunkedArray]:
    """The ids of each shard in turn, from batches sorted by (shard, entity_id).

    Raises:
        EntityError: There is no entity at all.
    """
    held: list[pa.Array] = []
    current = 0
    kind: pa.DataType | None = None
    for batch in batches:
        if not batch.num_rows:
            continue
        ids = entity_ids(pa.chunked_array([batch["entity_id"]]), what="The population's id column")
        kind = ids.type
        position = 0
        for run in batch["shard"].value_counts():
            shard, count = run["values"].as_py(), run["counts"].as_py()
            while current < shard:
                yield pa.chunked_array(held, type=kind)
                held, current = [], current + 1
            held.extend(ids.slice(position, count).chunks)
            position += count
    if kind is None:
        raise EntityError(
            "The population is empty: no entity was known by its data_until; choose a later time."
        )
    while current < shards:
        yield pa.chunked_array(held, type=kind)
        held, current = [], current + 1


def described(ids: pa.ChunkedArray, as_of: datetime, until: datetime) -> pa.Table:
    """Entity rows of one time."""
    rows = len(ids)
    return pa.table(
        {
            "entity_id": ids,
            "as_of": pa.repeat(pa.scalar(as_of, INSTANT), rows),
            "data_until": pa.repeat(pa.scalar(until, INSTANT), rows),
        }
    )
