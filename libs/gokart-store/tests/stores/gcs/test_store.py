"""The store in a bucket, over an emulator."""

import pytest
from gokart_store import Store, open_store
from gokart_store.testing import StoreContract


class TestGcsStore(StoreContract):
    @pytest.fixture
    def store(self, bucket_url: str) -> Store:
        return open_store(bucket_url)
