"""A store in a folder of a local or shared file system."""

import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from gokart_store.errors import GokartStoreError

__all__ = ["FolderStore"]

_SCRATCH = "tmp"


class FolderStore:
    """Keeps each key in a file of that name below a root folder.

    A rename is the only way a file comes to its final name, so that a process killed at any moment
    leaves nothing half-written there. What is being written lies in `tmp/` below the same root.

    Args:
        root: The folder; it is made when something is first written.
    """

    def __init__(self, root: Path) -> None:
        self._root = Path(root).absolute()

    @property
    def url(self) -> str:
        """The absolute path of the root folder."""
        return str(self._root)

    def read_bytes(self, key: str) -> bytes | None:
        """Return the bytes under a key, or None where there are none."""
        try:
            return self._path(key).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write_bytes(self, key: str, data: bytes) -> None:
        """Put bytes under a key, atomically."""
        with self.scratch() as folder:
            temporary = folder / "file"
            temporary.write_bytes(data)
            target = self._path(key)
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary.replace(target)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Lend an empty folder on the root's own file system."""
        folder = self._root / _SCRATCH / uuid.uuid4().hex
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise GokartStoreError(
                f"The store {self._root} cannot be written to: {error.strerror}. "
                "Make the folder writable, or choose another store."
            ) from error
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, folder: Path, prefix: str) -> None:
        """Move a scratch folder to its final name."""
        target = self._path(prefix)
        target.parent.mkdir(parents=True, exist_ok=True)
        folder.rename(target)

    def sizes(self, prefix: str) -> dict[str, int]:
        """Return the size of every file below a prefix."""
        base = self._path(prefix)
        return {
            path.relative_to(base).as_posix(): path.stat().st_size
            for path in base.rglob("*")
            if path.is_file()
        }

    def local_path(self, key: str) -> Path:
        """Return the file of a key, in place."""
        return self._path(key)

    def delete(self, prefix: str) -> None:
        """Delete a file or a folder."""
        path = self._path(prefix)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            with suppress(FileNotFoundError, NotADirectoryError):
                path.unlink()

    def side_folder(self, prefix: str) -> Path:
        """Make and return a folder below the root."""
        folder = self._path(prefix)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def sweep(self, older_than_s: float) -> int:
        """Delete the scratch folders of writers that were killed."""
        now = time.time()
        swept = 0
        with suppress(FileNotFoundError):
            for folder in (self._root / _SCRATCH).iterdir():
                with suppress(FileNotFoundError):
                    if now - folder.stat().st_mtime >= older_than_s:
                        shutil.rmtree(folder, ignore_errors=True)
                        swept += 1
        return swept

    def _path(self, key: str) -> Path:
        parts = PurePosixPath(key).parts
        if not parts or ".." in parts or os.path.isabs(key):  # noqa: PTH117  # a key, not a path
            raise GokartStoreError(f"{key!r} is not a key of a store: it must stay below the root.")
        return self._root.joinpath(*parts)
