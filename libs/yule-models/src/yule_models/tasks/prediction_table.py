"""The task that makes one prediction table of all shards."""

from collections.abc import Iterator
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

from yule_models.alignment import KEYS, check_aligned

__all__ = ["PredictionTable"]

_VERSION_DIGITS = 12


class PredictionTable(StoredTask[ShardedDataset]):
    """Bring the scored shards together, each row with the version of the model.

    The rows are: entity_id; as_of (UTC); the columns of each target (see
    `yule_models.scoring.scored_columns`); those of its reasons, where there are some (see
    `yule_models.explanation.reasons_of`); model_version, the first 12 digits of the ensemble's
    unique id.

    Parameters:
        shards: The `ScoreShard` tasks, in the order of their shards.
        ensemble: The `FitEnsemble` that they scored with.
        reasons: The `ExplainShard` tasks of the same shards; or none.
    """

    VERSION: ClassVar[int] = 2
    format = DatasetFormat()
    shards = UpstreamListParameter()
    ensemble = UpstreamParameter()
    reasons = UpstreamListParameter(default=())

    def run(self) -> None:
        """Copy shard by shard."""
        version = self.ensemble.make_unique_id()[:_VERSION_DIGITS]
        with self.writing() as folder:
            write_shards(folder, (_with_version(rows, version) for rows in self._rows()))

    def _rows(self) -> Iterator[pa.Table]:
        explained = self.reasons or [None] * len(self.shards)
        for task, reasons in zip(self.shards, explained, strict=True):
            yield task.result() if reasons is None else _beside(task.result(), reasons.result())


def _beside(scores: pa.Table, reasons: pa.Table) -> pa.Table:
    check_aligned(scores, reasons, names=("scores", "reasons"))
    for name in reasons.column_names[len(KEYS) :]:
        scores = scores.append_column(name, reasons[name])
    return scores


def _with_version(table: pa.Table, version: str) -> pa.Table:
    column = pa.array([version] * table.num_rows, pa.string())
    return table.append_column("model_version", column)
