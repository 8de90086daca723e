"""Publishes predictions in a folder: whole, or not at all."""

import json
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gokart_store import ShardedDataset, digest, file_sha256, shard_name

__all__ = [
    "LATEST",
    "MANIFEST",
    "copy_shards",
    "prediction_manifest",
    "predictions_digest",
    "publish",
]

LATEST = "latest"
"""Name of the link to what was published last."""

MANIFEST = "_manifest.json"
"""Readers of Parquet folders skip names that begin with an underscore."""


def publish(
    predictions: ShardedDataset, folder: Path, *, run_id: str, facts: Mapping[str, Any]
) -> Path:
    """Copy the shards, verified, into a folder named after the run, and point `latest` at it.

    Both steps are renames: a reader of `latest` sees the old predictions or the new ones.

    Args:
        predictions: The prediction table.
        folder: Where the case's predictions are kept.
        run_id: The run that publishes.
        facts: What the manifest says beside the files: case, model version, columns.

    Returns:
        The folder of this run's predictions.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scratch = folder / f".{uuid.uuid4().hex}"
    scratch.mkdir()
    try:
        copy_shards(predictions, scratch)
        manifest = prediction_manifest(predictions, run_id=run_id, facts=facts)
        (scratch / MANIFEST).write_bytes(manifest)
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


def predictions_digest(predictions: ShardedDataset) -> str:
    """Return the sha256 of all shards, by which runs with the same predictions are told."""
    return digest(_hashes(predictions))


def prediction_manifest(
    predictions: ShardedDataset, *, run_id: str, facts: Mapping[str, Any]
) -> bytes:
    """Return what stands beside published predictions: the run, the files, the rows, the facts."""
    hashes = _hashes(predictions)
    manifest = {
        "run_id": run_id,
        "files": list(hashes),
        "sha256": hashes,
        "rows": predictions.num_rows,
        **facts,
    }
    return (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode()


def _hashes(predictions: ShardedDataset) -> dict[str, str]:
    shards = range(predictions.num_shards)
    return {shard_name(shard): file_sha256(predictions.shard_path(shard)) for shard in shards}
