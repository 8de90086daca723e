"""The task that makes one prediction table of all shards."""

from typing import ClassVar

import pyarrow as pa
from gokart_store import (
    DatasetFormat,
    ShardedDataset,
    StoredTask,
    UpstreamListParameter,
    UpstreamParameter,
    write_shards,
)

__all__ = ["PredictionTable"]

_VERSION_DIGITS = 12


class PredictionTable(StoredTask[ShardedDataset]):
    """Bring the scored shards together, each row with the version of the model.

    The rows are: entity_id; as_of (UTC); the columns of each target (see
    `yule_models.scoring.scored_columns`); model_version, the first 12 digits of the ensemble's
    unique id.

    Parameters:
        shards: The `ScoreShard` tasks, in the order of their shards.
        ensemble: The `FitEnsemble` that they scored with.
    """

    VERSION: ClassVar[int] = 1
    format = DatasetFormat()
    shards = UpstreamListParameter()
    ensemble = UpstreamParameter()

    def run(self) -> None:
        """Copy shard by shard."""
        version = self.ensemble.make_unique_id()[:_VERSION_DIGITS]
        with self.writing() as folder:
            write_shards(folder, (_with_version(task.result(), version) for task in self.shards))


def _with_version(table: pa.Table, version: str) -> pa.Table:
    column = pa.array([version] * table.num_rows, pa.string())
    return table.append_column("model_version", column)
