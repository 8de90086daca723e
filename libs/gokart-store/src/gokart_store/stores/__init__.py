"""Where entries lie: in a folder, or in a bucket by the same protocol."""

from gokart_store.stores.folder import FolderStore
from gokart_store.stores.opening import open_store
from gokart_store.stores.protocol import Store

__all__ = ["FolderStore", "Store", "open_store"]
