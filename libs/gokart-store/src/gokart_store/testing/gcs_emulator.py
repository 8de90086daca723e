"""A bucket on this machine for tests: gcp-storage-emulator in a process of its own.

It needs the extra `gokart-store[testing]`. What the emulator cannot do: it ignores preconditions,
and closes each connection after one answer.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["gcs_emulator"]


@contextmanager
def gcs_emulator(*buckets: str) -> Iterator[str]:
    """Run an emulator that holds some empty buckets in memory, until the block ends.

    Returns:
        Its address on the loopback interface: what `STORAGE_EMULATOR_HOST` should be.

    Raises:
        RuntimeError: If it does not start.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "gokart_store.testing.gcs_emulator_process", *buckets],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            port = process.stdout.readline().strip()
            if not port:
                raise RuntimeError("gcp-storage-emulator does not start: see what it printed.")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()
