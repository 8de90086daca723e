"""Joins the lists of sequences to the table of the other features."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from gokart_store import (
    DatasetFormat,
    Resources,
    ShardedDataset,
    StoredTask,
    UpstreamListParameter,
    UpstreamParameter,
    write_shards,
)

from mushroom.features.rows import KEYS
from mushroom.tasks.features.table import join_columns

__all__ = ["SequencedTable"]


class SequencedTable(StoredTask[ShardedDataset]):
    """The columns of a `FeatureTable`, and beside them the lists of sequences, row by row.

    It is for models that read sequences; others take the table alone.

    Args:
        table: The `FeatureTable`.
        sequences: Features of the same entities that hold sequences.
    """

    VERSION = 1
    format = DatasetFormat()

    table = UpstreamParameter()
    sequences = UpstreamListParameter()

    def required_resources(self) -> Resources:
        """The memory of one shard, with its events."""
        return Resources(cpu=1, memory_gib=1.5)

    def run(self) -> None:
        """Join shard after shard."""
        with self.writing() as folder:
            write_shards(folder, self._shards())

    def _shards(self) -> Iterator[pa.Table]:
        table: ShardedDataset = self.table.result()
        sequences = [task.result() for task in self.sequences]
        for shard in range(table.num_shards):
            rows = table.shard(shard)
            lists = [_lists_of(dataset.shard(shard)) for dataset in sequences]
            yield join_columns(rows.select([*KEYS]), [rows, *lists])


def _lists_of(sequence: pa.Table) -> pa.Table:
    """Leave out what is one number a row: models that read no lists must know the same columns."""
    kept = [field.name for field in sequence.schema if pa.types.is_list(field.type)]
    return sequence.select([*KEYS, *kept])
