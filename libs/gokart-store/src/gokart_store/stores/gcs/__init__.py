"""A store in a bucket of Google Cloud Storage: the extra `gokart-store[gcs]`."""

from gokart_store.stores.gcs.store import GcsStore
from gokart_store.stores.gcs.url import open_gcs_store

__all__ = ["GcsStore", "open_gcs_store"]
