"""Some rows of a dataset that is too large to be looked at whole."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from gokart_store import ShardedDataset

from yule_models.folds.hashing import entity_hashes

__all__ = ["sample_rows"]


def sample_rows(dataset: ShardedDataset, *, most: int, seed: int) -> pa.Table:
    """Return the rows of whole entities, chosen by a hash of their id: about `most` rows at most.

    One column is read of all rows, everything of one shard at a time.

    Args:
        dataset: Rows with an `entity_id`.
        most: How many rows; an entity more than that may be in it.
        seed: Seed of the hash: the same entities are chosen of any dataset that holds them.

    Returns:
        The rows in their order; all where there are not more.
    """
    shards = range(dataset.num_shards)
    hashes = [
        entity_hashes(dataset.shard(shard, ["entity_id"])["entity_id"].to_pylist(), seed)
        for shard in shards
    ]
    everybody = np.sort(np.concatenate(hashes))
    if len(everybody) <= most:
        return dataset.table()
    last = everybody[most - 1]
    return pa.concat_tables(
        dataset.shard(shard).filter(pa.array(own <= last))
        for shard, own in zip(shards, hashes, strict=True)
    )
