"""What every store can do. Callers know this protocol and never a file system."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

__all__ = ["Store"]


class Store(Protocol):
    """Bytes by key. A key is a relative path with forward slashes; a prefix is a folder of keys.

    What writes raises `StoreWriteError` where the store is full, read-only or closed to the user,
    and every method raises `GokartStoreError` for a key that leads out of the store.
    """

    @property
    def url(self) -> str:
        """The URL or the absolute path that opens this store."""

    def read_bytes(self, key: str) -> bytes | None:
        """Return the bytes under a key, or None where there are none."""

    def write_bytes(self, key: str, data: bytes) -> None:
        """Put bytes under a key, atomically: a reader sees all of them or none."""

    def scratch(self) -> AbstractContextManager[Path]:
        """Lend an empty local folder to build files in; it is gone when the block ends."""

    def publish(self, folder: Path, prefix: str) -> None:
        """Put a scratch folder, or one in it, under a prefix that nobody has used before."""

    def sizes(self, prefix: str) -> Mapping[str, int]:
        """Return the size in bytes of every file under a prefix, by its name below the prefix."""

    def local_path(self, key: str) -> Path:
        """Return a local file with the bytes under a key, fetched where the store is remote."""

    def delete(self, prefix: str) -> None:
        """Delete a key, or everything under a prefix; nothing there is not an error."""

    def side_folder(self, prefix: str) -> Path:
        """Return a local folder, at a stable path, for files that are not part of any entry."""

    def claim(
        self, key: str, on_wait: Callable[[], None] = lambda: None
    ) -> AbstractContextManager[None]:
        """Hold a key alone among all processes until the block ends, as far as the store can.

        A claim spares work that another process is doing already; nothing may depend on it, for a
        store that cannot exclude others lets everybody in at once. It ends with its holder, however
        that dies. Who waits can be interrupted by a signal.

        Args:
            key: What is claimed; nothing needs to be stored there.
            on_wait: Called once if somebody else holds the key, before waiting.
        """

    def sweep(self, older_than_s: float) -> int:
        """Delete what killed writers left behind this long ago; return the number of leftovers."""
