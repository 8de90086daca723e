"""Predictions handed over: as files, whole or not at all, and as rows of a table where asked."""

from yule_cli.publication.files import (
    LATEST,
    MANIFEST,
    copy_shards,
    manifest_bytes,
    prediction_manifest,
    publish,
)
from yule_cli.publication.table import check_table, write_predictions

__all__ = [
    "LATEST",
    "MANIFEST",
    "check_table",
    "copy_shards",
    "manifest_bytes",
    "prediction_manifest",
    "publish",
    "write_predictions",
]
