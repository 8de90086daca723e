"""Who does not use gs:// pays no import, and who lacks the extra is told its name."""

import subprocess
import sys

BLOCKED = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.startswith("google"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Blocker())
from gokart_store import StoreUrlError, open_store
try:
    open_store("gs://results/x")
except StoreUrlError as error:
    print(error)
open_store("folder")
"""
UNUSED = """
import sys
from gokart_store import StoredTask, open_store
open_store("folder").read_bytes("x")
open_store("gs://results/x").url
print([name for name in sys.modules if name.startswith("google.cloud.storage")])
"""


def printed(code: str) -> str:
    completed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return completed.stdout.strip()


def test_a_missing_extra_is_named() -> None:
    assert printed(BLOCKED) == (
        "A store in gs:// needs google-cloud-storage: pip install 'gokart-store[gcs]'."
    )


def test_nothing_is_loaded_before_a_bucket_is_asked() -> None:
    assert printed(UNUSED) == "[]"
