"""What a run puts into a bucket: the same steps, over a store of any kind."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from gokart_store import (
    DatasetFormat,
    FolderStore,
    ShardedDataset,
    StoredTask,
    file_sha256,
    run_task,
)
from yule_cli.publication import prediction_manifest
from yule_cli.sharing import bring_curves, publish_to_bucket, share_run
from yule_cli.state import RunFolder


class Rows(StoredTask[ShardedDataset]):
    format = DatasetFormat()

    def run(self) -> None:
        self.dump([pa.table({"entity_id": [1, 2]}), pa.table({"entity_id": [3]})])


class Recording(FolderStore):
    """Remembers the order in which things became visible."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.seen: list[str] = []

    def write_bytes(self, key: str, data: bytes) -> None:
        super().write_bytes(key, data)
        self.seen.append(key)

    def publish(self, folder: Path, prefix: str) -> None:
        super().publish(folder, prefix)
        self.seen.append(prefix)


@pytest.fixture
def rows(tmp_path: Path) -> ShardedDataset:
    task = Rows(workspace_directory=str(tmp_path / "store"))
    run_task(task)
    return task.result()


def test_the_manifest_follows_the_files_and_latest_follows_it(
    tmp_path: Path, rows: ShardedDataset
) -> None:
    store = Recording(tmp_path / "bucket")
    manifest = prediction_manifest(rows, run_id="run-1", facts={"model_version": "abc"})

    place = publish_to_bucket(rows, store, "shop", manifest)

    assert place == f"{store.url}/predictions/shop/run-1"
    assert store.seen == [
        "predictions/shop/run-1",
        "predictions/shop/run-1/_manifest.json",
        "predictions/shop/latest.json",
    ]
    assert pq.read_table(place).column("entity_id").to_pylist() == [1, 2, 3]
    assert json.loads(store.read_bytes("predictions/shop/latest.json") or b"") == {
        "files": ["shard-00000.parquet", "shard-00001.parquet"],
        "sha256": {path.name: file_sha256(path) for path in Path(place).glob("*.parquet")},
        "model_version": "abc",
        "rows": 3,
        "run_id": "run-1",
    }


def test_a_failed_run_shares_what_there_is(tmp_path: Path) -> None:
    run = RunFolder(run_id="one", path=tmp_path / "one", started_at=datetime.now(UTC))
    run.path.mkdir()
    run.resolved.write_text("{}")
    run.summary.write_text("{}")
    run.logs.mkdir()
    store = FolderStore(tmp_path / "bucket")

    share_run(run, store)

    assert store.sizes("runs") == {"one/resolved.json": 2, "one/run.json": 2}


def test_curves_of_all_fits_are_brought(tmp_path: Path) -> None:
    bring_curves(Rows(workspace_directory=str(tmp_path / name)) for name in "ab")

    assert all(list((tmp_path / name / "side/curves").iterdir()) for name in "ab")


def test_a_failure_to_bring_them_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(OSError, match="cannot be written to: Not a directory"):
        bring_curves([Rows(workspace_directory=str(tmp_path / "file"))])
