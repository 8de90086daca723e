from collections.abc import Iterator

import pytest
from gateway import Gateway, gateway


@pytest.fixture
def between(bucket_url: str, emulator: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """What passes between this process and the emulator."""
    with gateway(emulator) as (address, made):
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
        yield made
