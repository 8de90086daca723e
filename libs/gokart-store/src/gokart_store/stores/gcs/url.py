"""From a gs:// URL to a store."""

import re

from gokart_store.errors import StoreUrlError
from gokart_store.stores.gcs.client import check_installed
from gokart_store.stores.gcs.store import GcsStore

__all__ = ["open_gcs_store", "parse_gcs_url"]

# https://cloud.google.com/storage/docs/buckets#naming
_BUCKET = re.compile(r"(?=.{3,222}$)(?:(?:^|\.)[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?)+")


def open_gcs_store(url: str) -> GcsStore:
    """Open the store at `gs://bucket` or `gs://bucket/prefix`; nothing is asked of the bucket yet.

    Raises:
        StoreUrlError: As `parse_gcs_url` does.
    """
    return GcsStore(*parse_gcs_url(url))


def parse_gcs_url(url: str) -> tuple[str, str]:
    """The bucket and the prefix, without slashes at its ends, of `gs://bucket/prefix`.

    A prefix is taken letter by letter: nothing in it is percent-decoded.

    Raises:
        StoreUrlError: If the URL names no bucket or a prefix that leads upwards, or if
            google-cloud-storage is not installed.
    """
    bucket, _, prefix = url.partition("://")[2].partition("/")
    if not _BUCKET.fullmatch(bucket):
        raise StoreUrlError(
            f"{url!r} names no bucket: write gs://bucket/prefix, the bucket's name with 3 to 63 "
            "lower-case letters, digits, - and _."
        )
    parts = [part for part in prefix.split("/") if part]
    if {".", ".."} & set(parts):
        raise StoreUrlError(f"The prefix in {url!r} leads upwards; leave out `.` and `..`.")
    check_installed()
    return bucket, "/".join(parts)
