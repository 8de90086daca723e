"""The task that divides labelled rows into folds."""

from typing import ClassVar

import luigi
import pyarrow as pa
from gokart_store import JsonParameter, ParquetFormat, StoredTask, UpstreamParameter

from yule_models.folds import assign_folds

__all__ = ["AssignFolds"]


class AssignFolds(StoredTask[pa.Table]):
    """Give every labelled row the fold that validates it; see `yule_models.folds.assign_folds`.

    Parameters:
        labels: Task with a sharded dataset of entity_id, as_of and one column for each target.
        scheme: JSON of a `FoldScheme`: kind, folds, horizon_s.
        seed: Seed of the run.
    """

    VERSION: ClassVar[int] = 2
    format = ParquetFormat()
    labels = UpstreamParameter()
    scheme = JsonParameter()
    seed = luigi.IntParameter(default=0)

    def run(self) -> None:
        """Assign and store."""
        labels = self.labels.result().table()
        self.dump(assign_folds(labels, self.scheme.value, seed=self.seed))
