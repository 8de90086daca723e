"""A store in a folder of a local or shared file system."""

import errno
import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from gokart_store.errors import GokartStoreError, StoreAccessError, StoreWriteError
from gokart_store.listing import file_sizes
from gokart_store.stores.locks import give_back, in_use, take, unless_in_use

__all__ = ["FolderStore"]

_SCRATCH = "tmp"
_CLAIMS = "claims"
_NOTHING = (FileNotFoundError, NotADirectoryError)
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}


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
        with suppress(*_NOTHING), self._reading():
            return self._path(key).read_bytes()
        return None

    def write_bytes(self, key: str, data: bytes) -> None:
        """Put bytes under a key, atomically."""
        target = self._path(key)
        temporary = self._root / _SCRATCH / uuid.uuid4().hex
        with self._reporting():
            try:
                _with_folder_of(temporary, lambda: temporary.write_bytes(data))
                _with_folder_of(target, lambda: temporary.replace(target))
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Lend an empty folder on the root's own file system."""
        folder = self._root / _SCRATCH / uuid.uuid4().hex
        with self._reporting():
            _with_folder_of(folder, folder.mkdir)
        try:
            with in_use(folder):
                yield folder
        except OSError as error:
            if error.errno in _NO_ROOM and not isinstance(error, StoreWriteError):
                raise self._write_error(error) from error
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, folder: Path, prefix: str) -> None:
        """Move a folder to its final name: removing one would take longer than writing it."""
        target = self._path(prefix)
        with self._reporting():
            _with_folder_of(target, lambda: folder.rename(target))

    def sizes(self, prefix: str) -> dict[str, int]:
        """Return the size of every file below a prefix."""
        with suppress(*_NOTHING), self._reading():
            return file_sizes(self._path(prefix))
        return {}

    def misfit(self, prefix: str, sizes: Mapping[str, int]) -> str | None:
        """Return the name of a file that is missing or of another size, or None."""
        found = self.sizes(prefix)
        return next((name for name, size in sizes.items() if found.get(name) != size), None)

    def local_path(self, key: str, *, may_be_kept: bool = False) -> Path:  # noqa: ARG002
        """Return the file of a key, in place."""
        return self._path(key)

    def delete(self, prefix: str) -> None:
        """Delete a file or a folder."""
        path = self._path(prefix)
        with self._reporting(), suppress(FileNotFoundError, NotADirectoryError):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()

    def side_folder(self, prefix: str) -> Path:
        """Make and return a folder below the root."""
        folder = self._path(prefix)
        with self._reporting():
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    @contextmanager
    def sharing(self, prefix: str) -> Iterator[Path]:
        """Lend a side folder; others see its files in place."""
        yield self.side_folder(prefix)

    def shared(self, prefix: str) -> Path:
        """Return a side folder."""
        return self.side_folder(prefix)

    @contextmanager
    def claim(self, key: str, on_wait: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Hold a key alone, by a locked file in `claims/` that goes when the block ends."""
        name = hashlib.sha256(os.fsencode(self._path(key))).hexdigest()
        with self._reporting():
            descriptor = take(self._root / _CLAIMS / name, on_wait)
        try:
            yield
        finally:
            give_back(self._root / _CLAIMS / name, descriptor)

    def sweep(self, older_than_s: float) -> int:
        """Delete the scratch folders and the claims of processes that were killed.

        The clock alone decides nothing: what a living process of this machine holds stays.
        """
        now = time.time()
        swept = 0
        for kind in (_SCRATCH, _CLAIMS):
            with suppress(*_NOTHING), self._reading():
                for path in (self._root / kind).iterdir():
                    with suppress(OSError):
                        swept += now - path.stat().st_mtime >= older_than_s and _removed(path)
        return swept

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        try:
            yield
        except StoreWriteError:
            raise
        except OSError as error:
            if isinstance(error, FileNotFoundError) and self._root.is_dir():
                raise
            raise self._write_error(error) from error

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except _NOTHING:
            raise
        except OSError as error:
            raise StoreAccessError(
                f"The store {self._root} cannot be read: {error.strerror or error}. Correct its "
                "path, or make the folder readable."
            ) from error

    def _write_error(self, error: OSError) -> StoreWriteError:
        full = error.errno in _NO_ROOM - {errno.EROFS}
        advice = "Free some space" if full else "Make the folder writable"
        return StoreWriteError(
            f"The store {self._root} cannot be written to: {error.strerror or error}. "
            f"{advice}, or choose another store; what was stored before is intact."
        )

    def _path(self, key: str) -> Path:
        parts = key.split("/")
        if key.strip("./") == "" or ".." in parts or os.path.isabs(key):  # noqa: PTH117  # no path
            raise GokartStoreError(f"{key!r} is not a key of a store: it must stay below the root.")
        return self._root / key


def _with_folder_of(path: Path, act: Callable[[], object]) -> None:
    """Do what needs the path's folder, which is there already for all but the first."""
    try:
        act()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        act()


def _removed(leftover: Path) -> bool:
    with unless_in_use(leftover) as is_left:
        if is_left:
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    return is_left
