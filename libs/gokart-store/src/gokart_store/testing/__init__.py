"""The contract suite that every store must pass.

Install the extra ``gokart-store[testing]``, subclass the suite in a test module, and pytest
collects it:

    from gokart_store.testing import StoreContract

    class TestMyStore(StoreContract):
        @pytest.fixture
        def store(self, tmp_path):
            return MyStore(tmp_path)
"""

from gokart_store.testing.store_contract import StoreContract

__all__ = ["StoreContract"]
