"""Folders of files: models, reports, datasets in shards."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar

import pyarrow as pa

from gokart_store.artefact import Artefact
from gokart_store.dataset import ShardedDataset, write_shards

__all__ = ["DatasetFormat", "FolderFormat"]


class FolderFormat:
    """Any files. What is dumped is a function that writes them into a folder."""

    name: ClassVar[str] = "folder/1"

    def write(self, obj: Callable[[Path], object], folder: Path) -> None:
        """Let the function write its files."""
        obj(folder)

    def read(self, artefact: Artefact) -> Artefact:
        """Return the artefact; each file is verified when it is asked for."""
        return artefact


class DatasetFormat:
    """A sharded Parquet dataset. What is dumped are the shards' tables, in order."""

    name: ClassVar[str] = "dataset/1"

    def write(self, obj: Iterable[pa.Table], folder: Path) -> None:
        """Write one file per table, drawing them one at a time."""
        write_shards(folder, [obj] if isinstance(obj, pa.Table) else obj)

    def read(self, artefact: Artefact) -> ShardedDataset:
        """Return the dataset; each shard is read when it is asked for."""
        return ShardedDataset(artefact)
