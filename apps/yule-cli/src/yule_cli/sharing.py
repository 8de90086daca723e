"""What a run puts into the bucket that the case names, and what it brings from there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from gokart_store import ShardedDataset, Store, StoredTask

from yule_cli.publication import MANIFEST, copy_shards, manifest_bytes
from yule_cli.state import RunFolder

__all__ = ["LATEST", "bring_curves", "publish_to_bucket", "share_run"]

_AT_ONCE = 8

LATEST = "latest.json"
"""Name of the manifest of what was published last: its `run_id` is the folder beside it."""


def publish_to_bucket(
    predictions: ShardedDataset, store: Store, case: str, manifest: Mapping[str, Any]
) -> str:
    """Copy the shards, verified, below `predictions/<case>/<run id>/`.

    The manifest follows when all files are there, and `latest.json` after it: who begins with
    `latest.json` sees the old predictions or the new ones, whole.

    Args:
        predictions: The prediction table.
        store: The bucket.
        case: Name of the case.
        manifest: What `prediction_manifest` says of the predictions.

    Returns:
        The URL of this run's predictions.
    """
    prefix = f"predictions/{case}/{manifest['run_id']}"
    with store.scratch() as scratch:
        folder = scratch / "shards"
        folder.mkdir()
        copy_shards(predictions, folder)
        store.publish(folder, prefix)
    for key in (f"{prefix}/{MANIFEST}", f"predictions/{case}/{LATEST}"):
        store.write_bytes(key, manifest_bytes(manifest))
    return f"{store.url}/{prefix}"


def share_run(run: RunFolder, store: Store) -> None:
    """Copy the resolved case, the report and the summary of a run below `runs/<run id>/`."""
    for path in (run.resolved, run.report, run.summary):
        if path.exists():
            store.write_bytes(f"runs/{run.run_id}/{path.name}", path.read_bytes())


def bring_curves(fits: Iterable[StoredTask[Any]]) -> None:
    """Have the learning curves of all fits on this machine, wherever they were trained."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(lambda fit: fit.shared_folder("curves"), fits):
            pass
