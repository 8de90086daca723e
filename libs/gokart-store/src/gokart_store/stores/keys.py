"""What may be a key of a store."""

import os
from pathlib import PurePosixPath

from gokart_store.errors import GokartStoreError

__all__ = ["key_parts"]


def key_parts(key: str) -> tuple[str, ...]:
    """Return the parts of a key between its slashes.

    Raises:
        GokartStoreError: If the key is empty, absolute, or leads upwards.

    Example:
        >>> key_parts("cache/module/0123")
        ('cache', 'module', '0123')
    """
    parts = PurePosixPath(key).parts
    if not parts or ".." in parts or os.path.isabs(key):  # noqa: PTH117  # a key, not a path
        raise GokartStoreError(f"{key!r} is not a key of a store: it must stay below the root.")
    return parts
