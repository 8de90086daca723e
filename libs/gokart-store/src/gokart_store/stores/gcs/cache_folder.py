"""Where on this machine copies of a bucket's files lie."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from gokart_store.errors import GokartStoreError, StoreWriteError
from gokart_store.stores.folder import FolderStore
from gokart_store.stores.gcs.client import endpoint

__all__ = ["CacheFolder", "cache_folder", "cache_limit_bytes"]

_CACHE_VARIABLE = "GOKART_STORE_CACHE"
_LIMIT_VARIABLE = "GOKART_STORE_CACHE_GIB"
_LIMIT_GIB = 50.0


class CacheFolder(FolderStore):
    """All that a store in a bucket keeps on this machine, for the eyes of its user alone.

    Args:
        root: The folder.
        url: The store.
    """

    def __init__(self, root: Path, url: str) -> None:
        super().__init__(root)
        self._store_url = url

    def parts(self, key: str) -> tuple[str, ...]:
        """Return what stands between the slashes of a key.

        Raises:
            GokartStoreError: If the key leads out of the store.
        """
        return self._path(key).relative_to(self._root).parts

    def reporting(self) -> AbstractContextManager[None]:
        """Make the folder, and raise `StoreWriteError` in place of the system's errors."""
        return self._reporting()

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        with super()._reporting():
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            yield

    def _write_error(self, error: OSError) -> StoreWriteError:
        return StoreWriteError(
            f"{self._root}, where copies from {self._store_url} are kept, cannot be written to: "
            f"{error.strerror or error}. Make room or make it writable, or let {_CACHE_VARIABLE} "
            "name another folder."
        )


def cache_folder(bucket: str, prefix: str) -> Path:
    """Return a store's folder below `GOKART_STORE_CACHE`, by default `~/.cache/gokart-store`.

    `XDG_CACHE_HOME` takes the place of `~/.cache`. The folder is not made.
    """
    named = os.environ.get(_CACHE_VARIABLE)
    shared = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    root = Path(named).absolute() if named else shared / "gokart-store"
    place = hashlib.sha256(f"{endpoint()} {bucket}/{prefix}".encode()).hexdigest()
    return root / f"{bucket}-{place[:12]}"


def cache_limit_bytes() -> float:
    """Return what the copies of all stores may take together: `GOKART_STORE_CACHE_GIB`, or 50 GiB.

    Raises:
        GokartStoreError: If the variable holds no number from 0.
    """
    text = os.environ.get(_LIMIT_VARIABLE) or str(_LIMIT_GIB)
    try:
        limit_gib = float(text)
    except ValueError:
        limit_gib = -1.0
    if not limit_gib >= 0:
        raise GokartStoreError(f"{_LIMIT_VARIABLE} must be a number of GiB, got {text!r}.")
    return limit_gib * 2**30
