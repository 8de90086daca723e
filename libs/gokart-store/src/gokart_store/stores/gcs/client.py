"""The client of each process. Only here and in `objects` and `failures` is google-cloud known."""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from gokart_store.errors import StoreUrlError

if TYPE_CHECKING:
    from google.cloud.storage import Client

__all__ = ["check_installed", "endpoint", "process_client"]


@cache
def check_installed() -> None:
    """Refuse to go on without google-cloud-storage.

    Raises:
        StoreUrlError: If it is not installed.
    """
    try:
        found = find_spec("google.cloud.storage")
    except ModuleNotFoundError:
        found = None
    if found is None:
        raise StoreUrlError(
            "A store in gs:// needs google-cloud-storage: pip install 'gokart-store[gcs]'."
        )


def endpoint() -> str:
    """Return the address of the emulator that stands in for Google's servers, or ""."""
    return os.environ.get("STORAGE_EMULATOR_HOST", "")


def process_client() -> Client:
    """Return the client of this process; threads share it.

    A child made by fork or spawn gets its own: connections must not be shared with the parent.
    """
    return _client(os.getpid(), endpoint())


@cache
def _client(process: int, address: str) -> Client:  # noqa: ARG001 - what the cache goes by
    from google.cloud.storage import Client

    # Or where OpenTelemetry is installed, as MLflow does, it asks for the bucket's own description.
    os.environ.setdefault("DISABLE_GCS_PYTHON_CLIENT_OTEL_BUCKET_METADATA", "true")
    return Client(project=None)
