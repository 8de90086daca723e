"""Buckets of Google Cloud Storage: the extra `gokart-store[gcs]`."""

from gokart_store.stores.gcs.object_folder import ObjectFolder
from gokart_store.stores.gcs.store import GcsStore
from gokart_store.stores.gcs.url import open_gcs_store

__all__ = ["GcsStore", "ObjectFolder", "open_gcs_store"]
