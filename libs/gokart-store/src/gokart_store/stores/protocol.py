"""What every store can do. Callers know this protocol and never a file system."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

__all__ = ["Store"]


class Store(Protocol):
    """Bytes by key. A key is a relative path with forward slashes; a prefix is a folder of keys.

    What writes raises `StoreWriteError` where the store is full, read-only or closed to the user,
    what reads `StoreAccessError` where it cannot be reached, and every method `GokartStoreError`
    for a key that leads out of the store.
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

    def misfit(self, prefix: str, sizes: Mapping[str, int]) -> str | None:
        """Return the name of a published file that is missing or of another size, or None.

        A store that keeps what it has confirmed may answer None without looking: what somebody
        deletes there by hand is found when it is read.
        """

    def local_path(self, key: str, *, may_be_kept: bool = False) -> Path:
        """Return a local file with the bytes under a key, fetched where the store is remote.

        Where there is nothing under the key, there is nothing at the path.

        Args:
            key: What is read.
            may_be_kept: Whether a copy that was fetched before will do, unverified. It will for a
                published file, which never changes.
        """

    def delete(self, prefix: str) -> None:
        """Delete a key, or everything under a prefix; nothing there is not an error."""

    def side_folder(self, prefix: str) -> Path:
        """Return a local folder, at a stable path, for files that are not part of any entry.

        In a remote store it belongs to this machine, and may be deleted when nobody has used it for
        long.
        """

    def sharing(self, prefix: str) -> AbstractContextManager[Path]:
        """Lend a side folder to write in; other machines see its files some seconds later.

        When the block ends, they are all there. Nobody else may write to it at the same time.
        """

    def shared(self, prefix: str) -> Path:
        """Return a side folder with the files that were shared in it, by whichever machine."""

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
