"""The objects of one bucket: every request that a store makes, made here."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from gokart_store.stores.gcs.client import endpoint, process_client
from gokart_store.stores.gcs.failures import explained, no_bucket

if TYPE_CHECKING:
    from google.cloud.storage import Blob, Bucket

__all__ = ["Objects"]

_PARALLEL = 8
_CONNECT_AND_READ_S = (10, 60)
_seen_buckets: set[tuple[str, str]] = set()


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

    def fetch(self, name: str, path: Path) -> bool:
        """Write an object's bytes to a file; False where there is no such object: one request."""
        with path.open("wb") as file:
            return self._download(name, file)

    def write(self, name: str, data: bytes) -> None:
        """Put an object, all at once: one request."""
        with explained(self.bucket, is_write=True):
            self._blob(name).upload_from_string(data, "application/octet-stream", **self._checked)

    def upload(self, files: Mapping[str, Path]) -> None:
        """Put files by the names of their objects, several at a time.

        One request for each; of those above 8 MiB one more, so that a dropped connection costs a
        part and not the whole. An object appears when its last byte is there.
        """
        self._each(files.items(), lambda item: self._upload(*item))

    def facts(self, prefix: str) -> dict[str, tuple[int, str]]:
        """Return size and MD5 (base64) of the objects whose names begin so: a request per 1000."""
        from google.api_core.exceptions import NotFound

        fields = "items(name,size,md5Hash),nextPageToken"
        with explained(self.bucket, is_write=False):
            try:
                blobs = list(
                    process_client().list_blobs(
                        self.bucket, prefix=prefix, fields=fields, **self._options
                    )
                )
            except NotFound:
                raise no_bucket(self.bucket) from None
        return {blob.name: (int(blob.size), str(blob.md5_hash)) for blob in blobs}

    def delete(self, names: Iterable[str]) -> None:
        """Delete objects; those that are not there are no error. One request for each."""
        self._each(names, self._delete)

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

    def _download(self, name: str, file: IO[bytes]) -> bool:
        from google.api_core.exceptions import NotFound
        from google.cloud.storage.exceptions import DataCorruption

        with explained(self.bucket, is_write=False):
            for is_last in (False, True):
                file.seek(0)
                file.truncate()
                try:
                    self._blob(name).download_to_file(file, raw_download=True, **self._checked)
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

    def _each(self, items: Iterable[Any], do: Callable[[Any], None]) -> None:
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

    def _blob(self, name: str) -> Blob:
        bucket: Bucket = process_client().bucket(self.bucket)
        return bucket.blob(name)

    @cached_property
    def _options(self) -> dict[str, Any]:
        from google.cloud.storage.retry import DEFAULT_RETRY

        retry = DEFAULT_RETRY.with_timeout(self._patience_s)
        return {"timeout": _CONNECT_AND_READ_S, "retry": retry}

    @property
    def _checked(self) -> dict[str, Any]:
        return {"checksum": "crc32c", **self._options}
