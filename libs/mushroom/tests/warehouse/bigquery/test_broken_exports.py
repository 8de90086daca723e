"""Exports in a bucket, over the wire: whole, or an error."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from gateway import Gateway, gateway
from gokart_store.stores.gcs.objects import Objects
from gokart_store.testing.gcs_emulator import gcs_emulator
from mushroom import WarehouseError
from mushroom.warehouse.bigquery import read_export
from pyarrow.fs import FileSystem, GcsFileSystem

FOLDER = "gs://data/out"
ROWS = 2_000


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with gcs_emulator("data") as found:
        yield found


@pytest.fixture
def served(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Gateway]]:
    """An export of two files, and what lies between it and who reads it."""
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
    for name, start in (("a", 0), ("b", ROWS // 2)):
        file = io.BytesIO()
        pq.write_table(pa.table({"x": range(start, start + ROWS // 2)}), file)
        Objects("data", patience_s=5).write(f"out/{name}.parquet", file.getvalue())
    with gateway(address) as found:
        yield found


@pytest.fixture
def between(served: tuple[str, Gateway]) -> Gateway:
    return served[1]


Bucket = Callable[[float], FileSystem]


@pytest.fixture
def bucket(served: tuple[str, Gateway]) -> Bucket:
    """Opens the bucket by how many seconds a request is tried again."""

    def opened(patience_s: float) -> FileSystem:
        return GcsFileSystem(
            anonymous=True,
            scheme="http",
            endpoint_override=served[0].removeprefix("http://"),
            retry_time_limit=timedelta(seconds=patience_s),
        )

    return opened


def values(bucket: FileSystem, rows: int = ROWS) -> list[int]:
    return pa.concat_tables(read_export(FOLDER, rows=rows, filesystem=bucket))["x"].to_pylist()


def test_a_file_that_breaks_off_is_asked_for_again(bucket: Bucket, between: Gateway) -> None:
    breaks = [3000, 100]
    between.received = lambda body: body[: breaks.pop()] if breaks and b"PAR1" in body else body
    assert values(bucket(60)) == list(range(ROWS))
    assert not breaks


def test_files_that_keep_breaking_off_are_an_error(bucket: Bucket, between: Gateway) -> None:
    between.received = lambda body: body[:100] if b"PAR1" in body else body
    with pytest.raises(WarehouseError, match="The export in gs://data/out cannot be read"):
        values(bucket(1))


def test_a_file_that_is_missing_is_noticed(bucket: Bucket) -> None:
    Objects("data", patience_s=5).delete(["out/b.parquet"])
    with pytest.raises(WarehouseError, match="gs://data/out holds 1000 of 2000 rows"):
        values(bucket(1))
