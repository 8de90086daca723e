import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from gokart_store import DatasetFormat, ShardedDataset, StoredTask, file_sha256, run_task
from yule_cli.publication import MANIFEST, prediction_manifest, publish


class Predictions(StoredTask[ShardedDataset]):
    format = DatasetFormat()

    def run(self) -> None:
        self.dump([pa.table({"entity_id": [1, 2]}), pa.table({"entity_id": [3]})])


def predictions(folder: Path) -> ShardedDataset:
    task = Predictions(workspace_directory=str(folder / "store"))
    run_task(task)
    return task.result()


def test_publishes_all_shards_with_a_manifest(tmp_path: Path) -> None:
    rows = predictions(tmp_path)
    manifest = prediction_manifest(rows, run_id="run-1", facts={"model_version": "abc"})

    published = publish(rows, tmp_path / "shop", manifest)

    assert published == tmp_path / "shop" / "run-1"
    assert pq.read_table(published).column("entity_id").to_pylist() == [1, 2, 3]
    assert json.loads((published / MANIFEST).read_text()) == {
        "files": ["shard-00000.parquet", "shard-00001.parquet"],
        "sha256": {path.name: file_sha256(path) for path in published.glob("*.parquet")},
        "model_version": "abc",
        "rows": 3,
        "run_id": "run-1",
    }


def test_latest_follows_and_nothing_else_is_left(tmp_path: Path) -> None:
    rows = predictions(tmp_path)
    for run_id in ("run-1", "run-2"):
        publish(rows, tmp_path / "shop", prediction_manifest(rows, run_id=run_id, facts={}))

    folder = tmp_path / "shop"
    assert (folder / "latest").resolve() == folder / "run-2"
    assert sorted(path.name for path in folder.iterdir()) == ["latest", "run-1", "run-2"]
