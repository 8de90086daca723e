"""A feature table as a stored task, for the benchmark `reload`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import luigi
import numpy as np
import pyarrow as pa
from gokart_store import DatasetFormat, ShardedDataset, StoredTask

__all__ = ["COLUMNS", "WideFeatures"]

COLUMNS, _SHARDS = 200, 8


class WideFeatures(StoredTask[ShardedDataset]):
    """Numbers as features are: counts, amounts, and values that are missing."""

    format = DatasetFormat()
    rows = luigi.IntParameter()

    def run(self) -> None:
        """Store them."""
        self.dump(_shards(self.rows // _SHARDS))


def _shards(rows: int) -> Iterator[pa.Table]:
    rng = np.random.default_rng(0)
    for shard in range(_SHARDS):
        counts = rng.poisson(3, (rows, COLUMNS // 2))
        amounts = rng.gamma(2, 20, (rows, COLUMNS // 2)).round(2)
        columns: dict[str, Any] = {"entity_id": np.arange(rows) + shard * rows}
        for place in range(COLUMNS // 2):
            columns[f"count{place}"] = counts[:, place]
            columns[f"amount{place}"] = pa.array(amounts[:, place], mask=counts[:, place] == 0)
        yield pa.table(columns)
