"""The product's own tasks, between mushroom's and those of yule_models."""

from __future__ import annotations

from typing import ClassVar

import luigi
import pyarrow as pa
from gokart_store import (
    DatasetFormat,
    ParquetFormat,
    ShardedDataset,
    StoredTask,
    UpstreamListParameter,
    UpstreamParameter,
    write_shards,
)

from reactivation_list.lapse import lapsed_rows, with_outcomes
from reactivation_list.ranking import ranked

__all__ = ["LapsedCustomers", "RankedList"]


class LapsedCustomers(StoredTask[ShardedDataset]):
    """Who had lapsed, at one or several times: entities for features, labels for models.

    Parameters:
        stopped: The `Download` of `label_stopped`.
        returned: That of `label_event`, if outcomes are known; else empty.
        lapsed_after_days: How long a silence makes one lapse.
    """

    VERSION: ClassVar[int] = 1
    format = DatasetFormat()
    stopped = UpstreamParameter()
    returned = UpstreamListParameter(default=())
    lapsed_after_days = luigi.IntParameter()

    def run(self) -> None:
        """Store the rows in one shard."""
        rows = lapsed_rows(self.stopped.result().table(), lapsed_after_days=self.lapsed_after_days)
        for task in self.returned:
            rows = with_outcomes(rows, task.result().table())
        with self.writing() as folder:
            write_shards(folder, [rows])


class RankedList(StoredTask[pa.Table]):
    """The list; see `reactivation_list.ranking.ranked`.

    Parameters:
        features: The `FeatureTable` of who has lapsed now.
        scored: The `ScoreShard` of the same.
        lapsed_after_days: How long a silence makes one lapse.
    """

    VERSION: ClassVar[int] = 1
    format = ParquetFormat()
    features = UpstreamParameter()
    scored = UpstreamParameter()
    lapsed_after_days = luigi.IntParameter()

    def run(self) -> None:
        """Rank and store."""
        self.dump(
            ranked(
                self.features.result().table(),
                self.scored.result(),
                lapsed_after_days=self.lapsed_after_days,
            )
        )
