from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from gokart_store import DatasetFormat, ShardedDataset, StoredTask, run_task, write_shards
from yule_models.drift import sample_rows


class Shards(StoredTask[ShardedDataset]):
    """A thousand entities with two rows each, in four shards."""

    format = DatasetFormat()

    def run(self) -> None:
        entities = np.arange(1000)
        with self.writing() as folder:
            write_shards(
                folder,
                (
                    pa.table({"entity_id": np.repeat(entities[entities % 4 == shard], 2)})
                    for shard in range(4)
                ),
            )


def dataset(folder: Path) -> ShardedDataset:
    task = Shards(workspace_directory=str(folder))
    run_task(task)
    return task.result()


def test_whole_entities_are_chosen_of_all_shards(tmp_path: Path) -> None:
    found = sample_rows(dataset(tmp_path), most=200, seed=0)

    entities: Any = found["entity_id"].to_numpy()
    assert 198 <= len(entities) <= 202
    assert (np.unique(entities, return_counts=True)[1] == 2).all()
    assert set(entities % 4) == {0, 1, 2, 3}
    again = sample_rows(dataset(tmp_path), most=400, seed=0)
    assert set(entities) < set(again["entity_id"].to_pylist())
    assert set(entities) != set(sample_rows(dataset(tmp_path), most=200, seed=1)["entity_id"])


def test_few_rows_are_all_taken(tmp_path: Path) -> None:
    stored = dataset(tmp_path)

    assert sample_rows(stored, most=2000, seed=0) == stored.table()
