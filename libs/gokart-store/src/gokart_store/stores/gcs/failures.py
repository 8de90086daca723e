"""What Google's errors mean, in sentences that name no credential."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from gokart_store.errors import GokartStoreError, StoreAccessError, StoreWriteError

__all__ = ["explained", "no_bucket"]

_PERMISSION = re.compile(r"\bstorage\.[a-zA-Z.]+\b")
_LOG_IN = (
    "log in with `gcloud auth application-default login`, let GOOGLE_APPLICATION_CREDENTIALS name "
    "a key file, or run where a service account is attached"
)


@contextmanager
def explained(bucket: str, *, is_write: bool) -> Iterator[None]:
    """Turn the client's errors into the store's.

    Raises:
        StoreWriteError: In place of an error, where something is written.
        StoreAccessError: Where something is read.
    """
    from google.api_core.exceptions import GoogleAPIError
    from google.auth.exceptions import GoogleAuthError
    from google.cloud.storage.exceptions import DataCorruption, InvalidResponse
    from requests import RequestException

    theirs = (GoogleAPIError, GoogleAuthError, DataCorruption, InvalidResponse, RequestException)
    try:
        yield
    except theirs as error:
        kind = StoreWriteError if is_write else StoreAccessError
        verb = "written to" if is_write else "read"
        # `from None`: the client's own texts hold addresses that let others finish an upload.
        raise kind(f"gs://{bucket} cannot be {verb}: {_meaning(error, bucket)}") from None


def no_bucket(bucket: str) -> GokartStoreError:
    """Return the error for a bucket that does not exist."""
    return StoreAccessError(f"gs://{bucket} cannot be read: {_no_bucket(bucket)}")


def _meaning(error: Exception, bucket: str) -> str:
    from google.api_core.exceptions import Forbidden, NotFound, RetryError, Unauthorized
    from google.auth.exceptions import GoogleAuthError, TransportError
    from google.cloud.storage.exceptions import DataCorruption

    while isinstance(error, RetryError) and isinstance(error.cause, Exception):
        error = error.cause
    match error:
        case TransportError():
            meaning = _no_answer(error)
        case GoogleAuthError() | Unauthorized():
            meaning = f"no credentials of Google Cloud were found that are valid; {_LOG_IN}."
        case Forbidden():
            found = _PERMISSION.search(error.message)
            lacks = f" ({found[0].rstrip('.')} is missing)" if found else ""
            meaning = (
                f"this account is not allowed to{lacks}. Give it roles/storage.objectUser on the "
                "bucket, or roles/storage.objectAdmin."
            )
        case NotFound():
            meaning = _no_bucket(bucket)
        case DataCorruption():
            meaning = "the bytes differ from their checksum, twice. Look at the network between."
        case _:
            meaning = _no_answer(error)
    return meaning


def _no_answer(error: Exception) -> str:
    response = getattr(error, "response", None)
    status = getattr(error, "code", None) or getattr(response, "status_code", None)
    said = f"status {int(status)}" if isinstance(status, int) else type(error).__name__
    return (
        f"it did not answer as it should, however often it was asked ({said}). "
        "Look at the network, and try again later; what is stored is kept."
    )


def _no_bucket(bucket: str) -> str:
    return f"there is no bucket {bucket!r}. Correct its name, or create it first."
