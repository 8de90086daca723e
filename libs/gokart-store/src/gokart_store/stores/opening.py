"""From a URL to a store."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from gokart_store.errors import StoreUrlError
from gokart_store.stores.folder import FolderStore
from gokart_store.stores.protocol import Store

__all__ = ["open_store"]

_SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]+://")


def open_store(url: str | Path) -> Store:
    """Open the store at a URL.

    Args:
        url: A path, absolute or relative to the working directory, a `file://` URL, or
            `gs://bucket/prefix`, for which the extra `gokart-store[gcs]` must be installed.

    Raises:
        StoreUrlError: If the URL is neither a text nor a path, is empty or of another scheme, or
            carries a password.

    Example:
        >>> open_store("/tmp/store").url
        '/tmp/store'
    """
    if not _names_a_place(url):
        raise StoreUrlError(f"A store lies in a folder or at a gs:// URL, got {url!r}.")
    text = str(url)
    if not _SCHEME.match(text):
        return FolderStore(Path(text))
    parts = urlsplit(text)
    if parts.username or parts.password:
        raise StoreUrlError(
            "The store's URL carries a user name or a password; "
            "leave them out and use the environment's own credentials."
        )
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        return FolderStore(Path(unquote(parts.path)))
    if parts.scheme == "gs":
        from gokart_store.stores.gcs import open_gcs_store

        return open_gcs_store(text)
    raise StoreUrlError(
        f"No store can be opened at {text!r}; use a folder's path, or a file:// or gs:// URL."
    )


def _names_a_place(value: object) -> bool:
    return isinstance(value, str | Path) and bool(str(value))
