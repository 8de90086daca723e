"""The objects of one bucket: every request that a store makes, made here."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from gokart_store.stores.gcs.client import endpoint, process_client
from gokart_store.stores.gcs.failures import explained, no_bucket

if TYPE_CHECKING:
    from google.cloud.storage import Blob, Bucket

__all__ = ["ObjectState", "Objects"]

_PARALLEL = 8
_CHUNK = 2**20
_CONNECT_AND_READ_S = (10, 60)
_seen_buckets: set[tuple[str, str]] = set()


@dataclass(frozen=True, kw_only=True)
class ObjectState:
    """What a bucket tells of an object without sending it.

    Attributes:
        size: In bytes.
        generation: A number that is new each time the object is written.
        crc32c: Checksum of its bytes, base64.
        md5: Likewise; None for objects that were composed of others.
    """

    size: int
    generation: int
    crc32c: str
    md5: str | None

    def describes(self, path: Path) -> bool:
        """Whether a file has the object's size and MD5; where that is not known, its crc32c."""
        if path.stat().st_size != self.size:
            return False
        with path.open("rb") as file:
            if self.md5 is None:
                return _base64(_crc32c(file)) == self.crc32c
            md5 = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
        return _base64(md5.digest()) == self.md5


class Objects:
    """Reads and writes whole objects, each checked by its crc32c.

    What fails in passing (a dropped connection, 408, 429, 5xx) is tried again, with growing pauses.

    Args:
        bucket: Name of the bucket.
        patience_s: For how long one object is tried again.
    """

    def __init__(self, bucket: str, *, patience_s: float) -> None:
        self.bucket = bucket
        self._patience_s = patience_s

    def read(self, name: str) -> bytes | None:
        """Return an object's bytes, or None where there is none: one request."""
        buffer = io.BytesIO()
        return buffer.getvalue() if self._download(name, buffer) else None

    def fetch(self, name: str, path: Path, *, generation: int | None = None) -> bool:
        """Write an object's bytes to a file; False where there is no such object: one request.

        Args:
            name: The object.
            path: The file.
            generation: The state of the object that is wanted; None: as it is now.
        """
        with path.open("wb") as file:
            return self._download(name, file, generation)

    def write(self, name: str, data: bytes) -> None:
        """Put an object, all at once: one request."""
        with explained(self.bucket, is_write=True):
            self._blob(name).upload_from_string(data, "application/octet-stream", **self._checked)

    def upload(self, files: Mapping[str, Path]) -> None:
        """Put files by the names of their objects, several at a time.

        One request for each; of those above 8 MiB one more, so that a dropped connection costs a
        part and not the whole. An object appears when its last byte is there.
        """
        self.each(files.items(), lambda item: self._upload(*item))

    def facts(self, prefix: str) -> dict[str, tuple[int, str]]:
        """Return size and MD5 (base64) of the objects whose names begin so: a request per 1000."""
        blobs = self._list(prefix, "name,size,md5Hash")
        return {blob.name: (int(blob.size), str(blob.md5_hash)) for blob in blobs}

    def states(self, prefix: str) -> dict[str, ObjectState]:
        """Return the states of the objects whose names begin so: a request for each 1000."""
        return {
            blob.name: ObjectState(
                size=int(blob.size),
                generation=int(blob.generation),
                crc32c=str(blob.crc32c),
                md5=blob.md5_hash,
            )
            for blob in self._list(prefix, "name,size,generation,crc32c,md5Hash")
        }

    def delete(self, names: Iterable[str]) -> None:
        """Delete objects; those that are not there are no error. One request for each."""
        self.each(names, self._delete)

    def each(self, items: Iterable[Any], do: Callable[[Any], None]) -> None:
        """Do what needs a request for each item, several at a time."""
        waiting = list(items)
        if len(waiting) < 2:
            for item in waiting:
                do(item)
            return
        pool = ThreadPoolExecutor(min(_PARALLEL, len(waiting)), "gokart-store")
        try:
            for _ in pool.map(do, waiting):
                pass
        finally:
            pool.shutdown(cancel_futures=True)

    def _list(self, prefix: str, facts: str) -> list[Blob]:
        from google.api_core.exceptions import NotFound

        fields = f"items({facts}),nextPageToken"
        with explained(self.bucket, is_write=False):
            try:
                return list(
                    process_client().list_blobs(
                        self.bucket, prefix=prefix, fields=fields, **self._options
                    )
                )
            except NotFound:
                raise no_bucket(self.bucket) from None

    def _upload(self, name: str, path: Path) -> None:
        with explained(self.bucket, is_write=True):
            self._blob(name).upload_from_filename(
                str(path), content_type="application/octet-stream", **self._checked
            )

    def _delete(self, name: str) -> None:
        from google.api_core.exceptions import NotFound

        with explained(self.bucket, is_write=True):
            try:
                self._blob(name).delete(**self._options)
            except NotFound:
                self._check_bucket()

    def _download(self, name: str, file: IO[bytes], generation: int | None = None) -> bool:
        from google.api_core.exceptions import NotFound
        from google.cloud.storage.exceptions import DataCorruption

        with explained(self.bucket, is_write=False):
            for is_last in (False, True):
                file.seek(0)
                file.truncate()
                try:
                    self._blob(name, generation).download_to_file(
                        file, raw_download=True, **self._checked
                    )
                except NotFound:
                    self._check_bucket()
                    return False
                except DataCorruption:
                    if is_last:
                        raise
                else:
                    return True
        raise AssertionError("both attempts have returned or raised")

    def _check_bucket(self) -> None:
        """Tell a missing object from a missing bucket, once in a process."""
        place = (endpoint(), self.bucket)
        if place in _seen_buckets:
            return
        from google.api_core.exceptions import NotFound

        try:
            list(process_client().list_blobs(self.bucket, max_results=1, **self._options))
        except NotFound:
            raise no_bucket(self.bucket) from None
        _seen_buckets.add(place)

    def _blob(self, name: str, generation: int | None = None) -> Blob:
        bucket: Bucket = process_client().bucket(self.bucket)
        return bucket.blob(name, generation=generation)

    @cached_property
    def _options(self) -> dict[str, Any]:
        from google.cloud.storage.retry import DEFAULT_RETRY

        retry = DEFAULT_RETRY.with_timeout(self._patience_s)
        return {"timeout": _CONNECT_AND_READ_S, "retry": retry}

    @property
    def _checked(self) -> dict[str, Any]:
        return {"checksum": "crc32c", **self._options}


def _crc32c(file: IO[bytes]) -> bytes:
    import google_crc32c

    checksum: Any = google_crc32c.Checksum()  # type: ignore[no-untyped-call]
    for _ in checksum.consume(file, _CHUNK):
        pass
    digest: bytes = checksum.digest()
    return digest


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
