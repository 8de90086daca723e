"""Publishes predictions in a folder: whole, or not at all."""

import json
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gokart_store import ShardedDataset, file_sha256, shard_name

__all__ = [
    "LATEST",
    "MANIFEST",
    "copy_shards",
    "manifest_bytes",
    "prediction_manifest",
    "publish",
]

LATEST = "latest"
"""Name of the link to what was published last."""

MANIFEST = "_manifest.json"
"""Readers of Parquet folders skip names that begin with an underscore."""


def prediction_manifest(
    predictions: ShardedDataset, *, run_id: str, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what stands beside published predictions, as plain data.

    Args:
        predictions: The prediction table; each shard is read once, for its hash.
        run_id: The run that publishes.
        facts: What it says beside the run, the files, their sha256 by name, and the rows: the case,
            the model version, the columns.
    """
    shards = range(predictions.num_shards)
    hashes = {shard_name(shard): file_sha256(predictions.shard_path(shard)) for shard in shards}
    return {
        "run_id": run_id,
        "files": list(hashes),
        "sha256": hashes,
        "rows": predictions.num_rows,
        **facts,
    }


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """Return a manifest as the file that holds it."""
    return (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode()


def publish(predictions: ShardedDataset, folder: Path, manifest: Mapping[str, Any]) -> Path:
    """Copy the shards, verified, into a folder named after the run, and point `latest` at it.

    Both steps are renames: a reader of `latest` sees the old predictions or the new ones.

    Args:
        predictions: The prediction table.
        folder: Where the case's predictions are kept.
        manifest: What `prediction_manifest` says of them.

    Returns:
        The folder of this run's predictions.
    """
    run_id = manifest["run_id"]
    folder.mkdir(parents=True, exist_ok=True)
    scratch = folder / f".{uuid.uuid4().hex}"
    scratch.mkdir()
    try:
        copy_shards(predictions, scratch)
        (scratch / MANIFEST).write_bytes(manifest_bytes(manifest))
        published = scratch.rename(folder / run_id)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    link = folder / f".{uuid.uuid4().hex}"
    try:
        link.symlink_to(run_id, target_is_directory=True)
        link.replace(folder / LATEST)
    finally:
        link.unlink(missing_ok=True)
    return published


def copy_shards(predictions: ShardedDataset, folder: Path) -> None:
    """Copy the shards, verified, into a folder."""
    for shard in range(predictions.num_shards):
        shutil.copyfile(predictions.shard_path(shard), folder / shard_name(shard))
