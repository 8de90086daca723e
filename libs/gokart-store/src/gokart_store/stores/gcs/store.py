"""A store in a bucket of Google Cloud Storage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from gokart_store.stores.gcs.cache_folder import (
    CacheFolder,
    cache_folder,
    cache_limit_bytes,
)
from gokart_store.stores.gcs.copies import Copies
from gokart_store.stores.gcs.objects import Objects
from gokart_store.stores.gcs.sharing import bring, sharing

__all__ = ["GcsStore"]


class GcsStore:
    """Keeps each key in the object of that name below a prefix of a bucket.

    An object appears all at once, so that a process killed at any moment leaves nothing
    half-written there. Credentials are the environment's own; `STORAGE_EMULATOR_HOST` is honoured.

    Whether a result is stored costs one request: what was published and confirmed once is there.
    Storing a result of n files costs n + 4, loading it n + 1, and n fewer where this machine has
    copies. They lie in a cache folder, with all that is local: scratch folders, claims (which keep
    out the processes of this machine, and let in those of others), side folders.

    Args:
        bucket: Name of the bucket.
        prefix: What all names of objects begin with, without slashes at its ends; may be "".
        patience_s: For how long a request that fails in passing is made again.
        share_every_s: Pause between two looks at what has changed in a shared folder.
    """

    def __init__(
        self, bucket: str, prefix: str = "", *, patience_s: float = 60, share_every_s: float = 10
    ) -> None:
        self._bucket = bucket
        self._prefix = prefix
        self._share_every_s = share_every_s
        self._objects = Objects(bucket, patience_s=patience_s)
        root = cache_folder(bucket, prefix)
        self._local = CacheFolder(root, self.url)
        self._copies = Copies(root, limit_bytes=cache_limit_bytes())

    @property
    def url(self) -> str:
        """The store's gs:// URL."""
        return f"gs://{self._bucket}/{self._prefix}".rstrip("/")

    def read_bytes(self, key: str) -> bytes | None:
        """Return the bytes under a key, or None where there are none: one request."""
        return self._objects.read(self._name(key))

    def write_bytes(self, key: str, data: bytes) -> None:
        """Put bytes under a key, atomically: one request."""
        self._objects.write(self._name(key), data)

    def scratch(self) -> AbstractContextManager[Path]:
        """Lend an empty folder in the cache folder."""
        return self._local.scratch()

    def publish(self, folder: Path, prefix: str) -> None:
        """Upload the files of a scratch folder: one request for each up to 8 MiB."""
        base = self._name(prefix)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        names = {f"{base}/{path.relative_to(folder).as_posix()}": path for path in files}
        self._objects.upload(names)
        self._copies.keep(folder, self._local.parts(prefix))

    def sizes(self, prefix: str) -> dict[str, int]:
        """Return the size of every object below a prefix: a request for each 1000."""
        base = self._name(prefix) + "/"
        found = self._objects.facts(base)
        return {name.removeprefix(base): size for name, (size, _) in found.items()}

    def misfit(self, prefix: str, sizes: Mapping[str, int]) -> str | None:  # noqa: ARG002
        """Return None, without a request: a bucket keeps what it has confirmed."""
        self._local.parts(prefix)
        return None

    def local_path(self, key: str, *, may_be_kept: bool = False) -> Path:
        """Return a copy in the cache folder; fetching it is one request."""
        name = self._name(key)
        with self._local.reporting():
            return self._copies.get(
                self._local.parts(key),
                lambda path: self._objects.fetch(name, path),
                may_be_kept=may_be_kept,
            )

    def delete(self, prefix: str) -> None:
        """Delete an object and all below: one request for each, and one to list them."""
        name = self._name(prefix)
        self._objects.delete([name, *self._objects.facts(f"{name}/")])

    def side_folder(self, prefix: str) -> Path:
        """Make and return a folder in the cache folder: this machine's own, unless it is shared."""
        return self._local.side_folder(prefix)

    @contextmanager
    def sharing(self, prefix: str) -> Iterator[Path]:
        """Lend a side folder whose files are uploaded every 10 s, and when the block ends."""
        folder = self.side_folder(prefix)
        base = self._name(prefix) + "/"
        with sharing(folder, self._objects, base, every_s=self._share_every_s):
            yield folder

    def shared(self, prefix: str) -> Path:
        """Return a side folder with what was shared in it, by this machine or another."""
        folder = self.side_folder(prefix)
        with self._local.reporting():
            bring(folder, self._objects, self._name(prefix) + "/")
        return folder

    def claim(
        self, key: str, on_wait: Callable[[], None] = lambda: None
    ) -> AbstractContextManager[None]:
        """Hold a key alone among the processes of this machine, by a lock in the cache folder."""
        return self._local.claim(key, on_wait)

    def sweep(self, older_than_s: float) -> int:
        """Delete what killed processes left in the cache folder, and copies that nobody uses."""
        self._copies.tidy()
        return self._local.sweep(older_than_s)

    def _name(self, key: str) -> str:
        return "/".join([*filter(None, [self._prefix]), *self._local.parts(key)])
