"""The task that lists whom a fold is trained on."""

from typing import ClassVar

import luigi
import pyarrow as pa
from gokart_store import (
    DatasetFormat,
    ShardedDataset,
    StoredTask,
    UpstreamParameter,
    write_shards,
)

from yule_models.folds import split_fold

__all__ = ["TrainingEntities", "training_entities"]


class TrainingEntities(StoredTask[ShardedDataset]):
    """The entities of a fold's training rows: whom features of that fold may learn from.

    The result has one shard with `entity_id`, each once, sorted.

    Parameters:
        folds: The `AssignFolds`.
        fold: Number of the fold.
    """

    VERSION: ClassVar[int] = 1
    format = DatasetFormat()
    folds = UpstreamParameter()
    fold = luigi.IntParameter()

    def run(self) -> None:
        """List and store."""
        entities = training_entities(self.folds.result(), self.fold)
        with self.writing() as folder:
            write_shards(folder, [entities])


def training_entities(folds: pa.Table, fold: int) -> pa.Table:
    """Return the entities of a fold's training rows, each once, sorted.

    Args:
        folds: What `assign_folds` returned.
        fold: Number of the fold.
    """
    rows = folds.take(pa.array(split_fold(folds, fold).training))
    return rows.select(["entity_id"]).group_by("entity_id").aggregate([]).sort_by("entity_id")
