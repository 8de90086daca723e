"""One task per feature method: describes the entities of an upstream task, shard by shard."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import ClassVar

import pyarrow as pa
from gokart_store import CanonicalJson, ShardedDataset

from mushroom.catalog import Catalog
from mushroom.entities import KEYS
from mushroom.features import FeatureMethod, feature_rows
from mushroom.features.registry import ENTITY_ATTRIBUTES, EVENT_WINDOWS, RELATED
from mushroom.query import Query
from mushroom.tasks.features.aligned import NO_ENTITIES, AlignedTask, Shards
from mushroom.warehouse import Warehouse

__all__ = ["EntityAttributes", "EventWindows", "FeatureTask", "Related"]


class FeatureTask(AlignedTask):
    """Features of the entities and facts of them, as a dataset that is row-aligned with them.

    The id holds the name and the query that the options make, so that options which mean the same
    share a result.
    """

    method: ClassVar[FeatureMethod]

    def queries(self) -> dict[str, Query]:
        """The one query, over no entities yet."""
        return {"features": _query(self.method, self.options, self.catalog)}

    def _shards(self, warehouse: Warehouse) -> Iterator[pa.Table]:
        dataset: ShardedDataset = self.entities.result()
        options = self.method.parse(self.options.value)
        self.method.check_entities(options, self.catalog_model, dataset.shard(0, [*KEYS]))
        query = self.queries()["features"]
        answers = warehouse.run_parts(query, "entities", Shards(dataset), threads=self.threads)
        for entities, answer in zip(Shards(dataset), answers, strict=True):
            yield feature_rows(answer, name=self.name, entities=entities)


@lru_cache(maxsize=256)
def _query(method: FeatureMethod, options: CanonicalJson, catalog: CanonicalJson) -> Query:
    """The query over no entities, made once for all tasks that ask the same of other entities."""
    return method.query(
        method.parse(options.value),
        catalog=Catalog.model_validate(catalog.value),
        entities=NO_ENTITIES,
    )


class EventWindows(FeatureTask):
    """Counts, sums and habits of an entity's events over windows of time."""

    VERSION = 5
    method = EVENT_WINDOWS


class EntityAttributes(FeatureTask):
    """Columns of an attributes table, as they were known at the time."""

    VERSION = 5
    method = ENTITY_ATTRIBUTES


class Related(FeatureTask):
    """What an entity's events refer to, over windows of time."""

    VERSION = 3
    method = RELATED
