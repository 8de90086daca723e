"""The objects below a prefix that somebody else writes: as files, fetched once a generation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from gokart_store.errors import StoreAccessError
from gokart_store.stores.gcs.cache_folder import CacheFolder, cache_folder, cache_limit_bytes
from gokart_store.stores.gcs.copies import Copies
from gokart_store.stores.gcs.objects import Objects, ObjectState
from gokart_store.stores.gcs.url import parse_gcs_url

__all__ = ["ObjectFolder", "ObjectState"]


class ObjectFolder:
    """A prefix of a bucket, read and never written.

    Copies lie in the cache folder of this machine (`GOKART_STORE_CACHE`), which all processes
    share, for as long as they are used and there is room.

    Args:
        url: `gs://bucket` or `gs://bucket/prefix`.
        patience_s: For how long a request that fails in passing is made again.

    Raises:
        StoreUrlError: The URL names no bucket, or google-cloud-storage is not installed.
    """

    def __init__(self, url: str, *, patience_s: float = 60) -> None:
        bucket, prefix = parse_gcs_url(url)
        self._base = f"{prefix}/" if prefix else ""
        self._objects = Objects(bucket, patience_s=patience_s)
        self.url = f"gs://{bucket}/{prefix}".rstrip("/")
        root = cache_folder(bucket, f"{self._base}by-generation")
        self._local = CacheFolder(root, self.url)
        self._copies = Copies(root, limit_bytes=cache_limit_bytes())

    @property
    def folder(self) -> Path:
        """The folder that all copies lie in."""
        return self._copies.folder

    def states(self) -> dict[str, ObjectState]:
        """What there is, by the names below the prefix: a request for each 1000 objects.

        Objects that stand for folders are left out.

        Raises:
            StoreAccessError: The bucket cannot be read, or the name of an object is no path of a
                file.
        """
        found = {}
        for name, state in self._objects.states(self._base).items():
            below = name.removeprefix(self._base)
            if below.endswith("/") or not below:
                continue
            path = PurePosixPath(below)
            if str(path) != below or path.is_absolute() or ".." in path.parts:
                raise StoreAccessError(
                    f"gs://{self._objects.bucket} has an object {name!r}, whose name is no path "
                    "of a file; rename it, or name a prefix without it."
                )
            found[below] = state
        return found

    def copies(self, wanted: Mapping[str, ObjectState]) -> dict[str, Path]:
        """Files with the content of objects, several fetched at a time where there are no copies.

        A file lies below `folder` in the folders of its object's name, then in one that is named
        by its generation.

        Args:
            wanted: Objects as `states` has told them.

        Raises:
            StoreAccessError: One cannot be read, or was replaced since.
        """
        found: dict[str, Path] = {}

        def get(item: tuple[str, ObjectState]) -> None:
            found[item[0]] = self._copy(*item)

        with self._local.reporting():
            self._objects.each(wanted.items(), get)
        return {name: found[name] for name in wanted}

    def _copy(self, name: str, state: ObjectState) -> Path:
        *folders, file = PurePosixPath(name).parts
        path = self._copies.get(
            (*folders, str(state.generation), file),
            lambda draft: self._fetch(name, state, draft),
            may_be_kept=True,
        )
        if not path.is_file():
            raise StoreAccessError(
                f"{self.url}/{name} was replaced or deleted while it was read; try again."
            )
        return path

    def _fetch(self, name: str, state: ObjectState, draft: Path) -> bool:
        is_there = self._objects.fetch(self._base + name, draft, generation=state.generation)
        return is_there and state.describes(draft)
