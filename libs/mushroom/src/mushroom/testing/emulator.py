"""A BigQuery emulator as a process of its own, on free ports of the loopback interface."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pyarrow as pa

__all__ = ["Emulator", "emulator_binaries", "fill_dataset", "running_emulator"]

BINARIES = "MUSHROOM_BQEMULATOR"

_STARTS_WITHIN_S = 90.0
_POLL_S = 0.1
_SPATIAL = "from duckdb_extensions import import_extension as i; i('spatial')"


@dataclass(frozen=True, kw_only=True)
class Emulator:
    """A running emulator.

    Attributes:
        rest: The address of its REST API.
        grpc: Host and port of its Storage Read API.
        buckets: The folder in which it keeps what it writes to `gs://`.
        pid: Its process.
    """

    rest: str
    grpc: str
    buckets: Path
    pid: int

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which warehouses find it."""
        return {"BIGQUERY_EMULATOR_HOST": self.rest, "BIGQUERY_STORAGE_EMULATOR_HOST": self.grpc}


def emulator_binaries(default: Path) -> Path:
    """The `bin` folder of the emulator's environment, as `MUSHROOM_BQEMULATOR` says or by default.

    Where there is none, pytest reports the test as not run, with the reason.
    """
    import pytest

    binaries = Path(os.environ.get(BINARIES, default))
    if not (binaries / "bqemulator").exists():
        pytest.skip(f"there is no BigQuery emulator in {binaries}")
    return binaries


@contextmanager
def running_emulator(binaries: Path, folder: Path) -> Iterator[Emulator]:
    """An emulator that runs as long as the block.

    Args:
        binaries: The `bin` folder of an environment with bqemulator, duckdb-extension-spatial and
            duckdb-extensions, whose versions fit its duckdb.
        folder: An empty folder for what it writes: its log, and `gs://`.

    Raises:
        RuntimeError: It ended, or has not answered in time; the message has the end of its log.
    """
    buckets = folder / "buckets"
    buckets.mkdir()
    rest, grpc = _free_port(), _free_port()
    # Its DuckDB keeps extensions in the home folder, which is not to be touched.
    environment = {**os.environ, "HOME": str(folder), "BQEMU_GCS_LOCAL_ROOT": str(buckets)}
    environment.pop("PYTHONPATH", None)
    subprocess.run([binaries / "python", "-c", _SPATIAL], env=environment, check=True)
    log = folder / "emulator.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                binaries / "bqemulator",
                "start",
                *("--ephemeral", "--log-level", "warning"),
                *("--rest-port", str(rest), "--grpc-port", str(grpc)),
            ],
            env=environment,
            stdout=output,
            stderr=output,
        )
    try:
        address = f"http://127.0.0.1:{rest}"
        _await_answer(process, f"{address}/bigquery/v2/projects/any/datasets", log)
        yield Emulator(rest=address, grpc=f"127.0.0.1:{grpc}", buckets=buckets, pid=process.pid)
    finally:
        process.kill()
        process.wait()


def fill_dataset(url: str, tables: Mapping[str, pa.Table]) -> None:
    """Make the dataset of a URL hold exactly some tables, in the emulator of the environment."""
    from mushroom.warehouse import write_table
    from mushroom.warehouse.bigquery import BigQueryWarehouse

    warehouse = BigQueryWarehouse(url)
    client = warehouse.client
    dataset = f"{warehouse.address.project}.{warehouse.address.dataset}"
    client.delete_dataset(dataset, delete_contents=True, not_found_ok=True)
    client.create_dataset(dataset)
    for table, rows in tables.items():
        write_table(warehouse, table, rows.to_batches(), schema=rows.schema)


def _await_answer(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + _STARTS_WITHIN_S
    while True:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 (loopback)
                return
        except (URLError, OSError) as error:
            if process.poll() is not None or time.monotonic() > until:
                said = log.read_text("utf-8", errors="replace")[-2000:]
                raise RuntimeError(f"The BigQuery emulator does not answer: {said}") from error
        time.sleep(_POLL_S)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
