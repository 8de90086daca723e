"""The scoring rows: every entity seen by a time, in shards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
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
from mushroom.sharding import split_shards
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

    VERSION = 4
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
            query = self.queries()["population"]
            with closing(warehouse.stream(query, threads=self.threads)) as batches:
                shards = split_shards(refuse_none(batches), self.shards)
                write_shards(folder, (described(rows, as_of, until) for rows in shards))


def refuse_none(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Pass the batches on.

    Raises:
        EntityError: None of them has a row.
    """
    is_empty = True
    for batch in batches:
        is_empty = is_empty and not batch.num_rows
        yield batch
    if is_empty:
        raise EntityError(
            "The population is empty: no entity was known by its data_until; choose a later time."
        )


def described(rows: pa.Table, as_of: datetime, until: datetime) -> pa.Table:
    """Entity rows of one time."""
    return pa.table(
        {
            "entity_id": entity_ids(rows["entity_id"], what="The population's id column"),
            "as_of": pa.repeat(pa.scalar(as_of, INSTANT), len(rows)),
            "data_until": pa.repeat(pa.scalar(until, INSTANT), len(rows)),
        }
    )
