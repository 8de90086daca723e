"""One task per feature method: describes the entities of an upstream task, shard by shard."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar

import luigi
import pyarrow as pa
from gokart_store import (
    DatasetFormat,
    JsonParameter,
    Resources,
    ShardedDataset,
    UpstreamParameter,
    write_shards,
)

from mushroom.features import FeatureMethod, feature_rows
from mushroom.features.registry import ENTITY_ATTRIBUTES, EVENT_WINDOWS
from mushroom.query import Query
from mushroom.tasks.base import WarehouseTask
from mushroom.warehouse import Warehouse

__all__ = ["EntityAttributes", "EventWindows", "FeatureTask"]

_NO_ENTITIES = pa.schema(
    [
        ("entity_id", pa.null()),
        ("as_of", pa.timestamp("us", tz="UTC")),
        ("data_until", pa.timestamp("us", tz="UTC")),
    ]
).empty_table()


class FeatureTask(WarehouseTask[ShardedDataset]):
    """Features of the entities and facts of them, as a dataset that is row-aligned with them.

    The id holds the name and the query that the options make, so that options which mean the same
    share a result.
    """

    format = DatasetFormat()
    method: ClassVar[FeatureMethod]

    entities = UpstreamParameter()
    name = luigi.Parameter()
    options = JsonParameter(significant=False)

    def queries(self) -> dict[str, Query]:
        """The one query, over no entities yet."""
        return {"features": self._placeholder}

    def required_resources(self) -> Resources:
        """The threads of the query; the memory of one shard and its events."""
        return Resources(cpu=self.threads, memory_gib=2)

    def run(self) -> None:
        """Describe one shard of entities after another."""
        # The data is checked a last time before the result is committed.
        with self.writing() as folder, self.reading() as warehouse:
            write_shards(folder, self._shards(warehouse))

    def _shards(self, warehouse: Warehouse) -> Iterator[pa.Table]:
        dataset: ShardedDataset = self.entities.result()
        query = self._query(dataset.shard(0))
        for shard in range(dataset.num_shards):
            entities = dataset.shard(shard)
            answer = warehouse.run(query.with_rows("entities", entities), threads=self.threads)
            yield feature_rows(answer, name=self.name, entities=entities)

    @cached_property
    def _placeholder(self) -> Query:
        return self._query(_NO_ENTITIES)

    def _query(self, entities: pa.Table) -> Query:
        return self.method.query(
            self.method.parse(self.options.value), catalog=self.catalog_model, entities=entities
        )


class EventWindows(FeatureTask):
    """Counts, sums and habits of an entity's events over windows of time."""

    VERSION = 3
    method = EVENT_WINDOWS


class EntityAttributes(FeatureTask):
    """Columns of an attributes table, as they were known at the time."""

    VERSION = 3
    method = ENTITY_ATTRIBUTES
