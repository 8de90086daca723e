"""Safe, verified gokart targets on a folder or an object store, and the task base that uses them.

Names are imported on first use: `from gokart_store import canonical_json` does not load gokart.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gokart_store.artefact import Artefact
    from gokart_store.canonical import JSON, canonical_json, digest
    from gokart_store.dataset import ShardedDataset, shard_name, write_shards
    from gokart_store.entry import Entry
    from gokart_store.errors import (
        CorruptEntryError,
        GokartStoreError,
        MissingEntryError,
        NewerEntryError,
        ParameterValueError,
        StoreAccessError,
        StoreUrlError,
        StoreWriteError,
        UnstoredOutputError,
    )
    from gokart_store.formats import (
        ArrowFormat,
        DatasetFormat,
        FolderFormat,
        Format,
        JsonFormat,
        ParquetFormat,
        TextFormat,
    )
    from gokart_store.loading import collector_at_rest
    from gokart_store.manifest import file_sha256
    from gokart_store.parameters import (
        CanonicalJson,
        JsonParameter,
        UpstreamListParameter,
        UpstreamParameter,
    )
    from gokart_store.resources import Resources
    from gokart_store.running import TaskRecord, run_task
    from gokart_store.seeds import derive_seed
    from gokart_store.stores import FolderStore, Store, open_store
    from gokart_store.stores.gcs import GcsStore, ObjectFolder
    from gokart_store.task import StoredTask
    from gokart_store.whole import remove_drafts, write_whole

__version__ = "0.1.0"

_MODULE_OF = {
    "JSON": "canonical",
    "ArrowFormat": "formats",
    "Artefact": "artefact",
    "CanonicalJson": "parameters",
    "CorruptEntryError": "errors",
    "DatasetFormat": "formats",
    "Entry": "entry",
    "FolderFormat": "formats",
    "FolderStore": "stores",
    "Format": "formats",
    "GcsStore": "stores.gcs",
    "GokartStoreError": "errors",
    "JsonFormat": "formats",
    "JsonParameter": "parameters",
    "MissingEntryError": "errors",
    "NewerEntryError": "errors",
    "ObjectFolder": "stores.gcs",
    "ParameterValueError": "errors",
    "ParquetFormat": "formats",
    "Resources": "resources",
    "ShardedDataset": "dataset",
    "Store": "stores",
    "StoreAccessError": "errors",
    "StoreUrlError": "errors",
    "StoreWriteError": "errors",
    "StoredTask": "task",
    "TaskRecord": "running",
    "TextFormat": "formats",
    "UnstoredOutputError": "errors",
    "UpstreamListParameter": "parameters",
    "UpstreamParameter": "parameters",
    "canonical_json": "canonical",
    "collector_at_rest": "loading",
    "derive_seed": "seeds",
    "digest": "canonical",
    "file_sha256": "manifest",
    "open_store": "stores",
    "remove_drafts": "whole",
    "run_task": "running",
    "shard_name": "dataset",
    "write_shards": "dataset",
    "write_whole": "whole",
}

__all__ = [
    "JSON",
    "ArrowFormat",
    "Artefact",
    "CanonicalJson",
    "CorruptEntryError",
    "DatasetFormat",
    "Entry",
    "FolderFormat",
    "FolderStore",
    "Format",
    "GcsStore",
    "GokartStoreError",
    "JsonFormat",
    "JsonParameter",
    "MissingEntryError",
    "NewerEntryError",
    "ObjectFolder",
    "ParameterValueError",
    "ParquetFormat",
    "Resources",
    "ShardedDataset",
    "Store",
    "StoreAccessError",
    "StoreUrlError",
    "StoreWriteError",
    "StoredTask",
    "TaskRecord",
    "TextFormat",
    "UnstoredOutputError",
    "UpstreamListParameter",
    "UpstreamParameter",
    "canonical_json",
    "collector_at_rest",
    "derive_seed",
    "digest",
    "file_sha256",
    "open_store",
    "remove_drafts",
    "run_task",
    "shard_name",
    "write_shards",
    "write_whole",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
