"""The base of the tasks that describe the entities of an upstream task, shard by shard."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
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

from mushroom.tasks.base import WarehouseTask
from mushroom.warehouse import Warehouse

__all__ = ["NO_ENTITIES", "AlignedTask", "Shards"]

NO_ENTITIES = pa.schema(
    [
        ("entity_id", pa.null()),
        ("as_of", pa.timestamp("us", tz="UTC")),
        ("data_until", pa.timestamp("us", tz="UTC")),
    ]
).empty_table()


class AlignedTask(WarehouseTask[ShardedDataset]):
    """A dataset of features and of facts, row-aligned with that of the entities."""

    format = DatasetFormat()
    holds_sequences: ClassVar[bool] = False
    """Whether rows hold lists, for models of sequences: no columns of a `FeatureTable`."""

    entities = UpstreamParameter()
    name = luigi.Parameter()
    options = JsonParameter(significant=False)

    def required_resources(self) -> Resources:
        """The threads of the query; the memory of one shard and its events."""
        return Resources(cpu=self.threads, memory_gib=self.query_memory_gib + 0.5)

    def run(self) -> None:
        """Describe one shard of entities after another."""
        # The data is checked a last time before the result is committed.
        with self.writing() as folder, self.reading() as warehouse:
            write_shards(folder, self._shards(warehouse))

    @abstractmethod
    def _shards(self, warehouse: Warehouse) -> Iterator[pa.Table]:
        """The rows of each shard."""


class Shards:
    """The shards of a dataset one after another, as often as they are gone through.

    Args:
        dataset: The dataset.
    """

    def __init__(self, dataset: ShardedDataset) -> None:
        self._dataset = dataset

    def __len__(self) -> int:
        return self._dataset.num_shards

    def __iter__(self) -> Iterator[pa.Table]:
        return map(self._dataset.shard, range(len(self)))
