import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from gokart_store.testing.gcs_emulator import gcs_emulator

BUCKET = "results"


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    """The address of an emulator with one bucket."""
    with gcs_emulator(BUCKET) as address:
        yield address


@pytest.fixture
def bucket_url(emulator: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A place in the bucket that nobody has used, with a cache folder of its own."""
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", emulator)
    monkeypatch.setenv("GOKART_STORE_CACHE", str(tmp_path / "cache"))
    return f"gs://{BUCKET}/{uuid.uuid4().hex}/a store 日本"
