"""Tables in a bucket, over the wire: gcp-storage-emulator in a process of its own."""

import io
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from gateway import gateway
from gokart_store import ObjectFolder
from gokart_store.stores.gcs.objects import Objects
from gokart_store.testing.gcs_emulator import gcs_emulator
from mushroom import (
    PhysicalTable,
    Query,
    SnapshotChangedError,
    Warehouse,
    WarehouseError,
    open_warehouse,
    parse_query,
)

URL = "duckdb:gs://data/shop"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with gcs_emulator("data") as found:
        yield found


@pytest.fixture
def cache(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder; the emulator stands in for Google."""
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
    monkeypatch.setenv("GOKART_STORE_CACHE", str(tmp_path / "cache"))
    objects = Objects("data", patience_s=5)
    objects.delete(objects.states(""))
    return tmp_path / "cache"


def put(name: str, **columns: Any) -> None:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    Objects("data", patience_s=5).write(f"shop/{name}", buffer.getvalue())


def values(warehouse: Warehouse, table: str, text: str = "SELECT x FROM t ORDER BY x") -> Any:
    query = Query(tree=parse_query(text), relations={"t": PhysicalTable(name=table)})
    return warehouse.run(query).to_pylist()


def cached(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.rglob("*.parquet"))


def test_tables_are_read_from_copies_of_what_is_asked_for(cache: Path, tmp_path: Path) -> None:
    put("orders.parquet", x=[1])
    put("logs/day=1/a.parquet", x=[2])
    put("logs/day=2/b.parquet", x=[3])
    warehouse = open_warehouse(URL, root=tmp_path)
    assert warehouse.tables() == ("logs", "orders")
    warehouse.snapshot(["logs", "orders"])
    assert cached(cache) == []
    assert values(warehouse, "orders") == [{"x": 1}]
    assert cached(cache) == ["orders.parquet"]
    assert values(warehouse, "logs", "SELECT x, day FROM t ORDER BY x") == [
        {"x": 2, "day": 1},
        {"x": 3, "day": 2},
    ]
    assert values(warehouse, "logs/day=2") == [{"x": 3}]


def test_a_snapshot_needs_no_bytes_and_is_of_the_rows(cache: Path, tmp_path: Path) -> None:
    put("t/day=1/a.parquet", x=[1])
    warehouse = open_warehouse(URL, root=tmp_path)
    before = warehouse.snapshot(["t"])
    put("t/day=1/a.parquet", x=[1])
    assert warehouse.snapshot(["t"]) == before
    put("t/day=2/a.parquet", x=[1])
    assert warehouse.snapshot(["t"]) != before
    with pytest.raises(SnapshotChangedError, match=r"'t' in duckdb:gs://data/shop has changed"):
        warehouse.verify(before)
    put("t/day=1/a.parquet", x=[2])
    changed = warehouse.snapshot(["t"])
    assert cached(cache) == []
    assert changed != before
    assert values(warehouse, "t") == [{"x": 1}, {"x": 2}]


def test_rows_of_as_many_bytes_are_others(cache: Path, tmp_path: Path) -> None:
    put("t.parquet", x=[1])
    warehouse = open_warehouse(URL, root=tmp_path)
    before = warehouse.snapshot(["t"])
    [size] = {state.size for state in Objects("data", patience_s=5).states("shop/").values()}
    put("t.parquet", x=[2])
    [state] = Objects("data", patience_s=5).states("shop/").values()
    assert state.size == size
    assert warehouse.snapshot(["t"]) != before
    assert cached(cache) == []


def test_an_object_without_an_md5_is_known_by_its_generation(
    cache: Path, tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one is that was composed of others."""
    put("t.parquet", x=[1])
    with gateway(address) as (where, between):
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", where)
        between.received = lambda body: body.replace(b'"md5Hash"', b'"md5Hush"')
        warehouse = open_warehouse(URL, root=tmp_path)
        before = warehouse.snapshot(["t"])
        assert warehouse.snapshot(["t"]) == before
        assert values(warehouse, "t") == [{"x": 1}]
        put("t.parquet", x=[1])
        assert warehouse.snapshot(["t"]) != before
        assert values(warehouse, "t") == [{"x": 1}]
        put("t.parquet", x=[2])
        warehouse.snapshot(["t"])
        put("t.parquet", x=[3])  # in as many bytes
        with pytest.raises(
            WarehouseError, match=r"shop/t.parquet was replaced or deleted while it"
        ):
            values(warehouse, "t")
    assert cached(cache) == ["t.parquet"] * 2


def test_an_object_that_is_the_prefix_itself_is_no_table(cache: Path, tmp_path: Path) -> None:
    """As the console makes one for a folder."""
    put("t.parquet", x=[1])
    Objects("data", patience_s=5).write("shop/", b"")
    assert open_warehouse(URL, root=tmp_path).tables() == ("t",)
    assert cached(cache) == []


def test_what_may_not_be_read_is_told(
    cache: Path, tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("t.parquet", x=[1])
    denied = (403, b'{"error": {"message": "me does not have storage.objects.list access."}}')
    with gateway(address) as (where, between):
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", where)
        warehouse = open_warehouse(URL, root=tmp_path)
        between.instead = lambda: denied
        says = r"gs://data cannot be read: this account is not allowed to .*roles/storage\.object"
        for ask in (
            lambda: open_warehouse(URL, root=tmp_path),
            lambda: warehouse.snapshot(["t"]),
            lambda: values(warehouse, "t"),
        ):
            with pytest.raises(WarehouseError, match=says):
                ask()
    assert cached(cache) == []


def test_what_is_cached_is_read_without_the_bucket(cache: Path, tmp_path: Path) -> None:
    put("t.parquet", x=[1])
    warehouse = open_warehouse(URL, root=tmp_path)
    assert values(warehouse, "t") == [{"x": 1}]
    Objects("data", patience_s=5).delete(["shop/t.parquet"])
    assert values(warehouse, "t") == [{"x": 1}]
    assert cached(cache) == ["t.parquet"]


def test_an_object_replaced_meanwhile_is_told(cache: Path, tmp_path: Path) -> None:
    put("t.parquet", x=[1])
    warehouse = open_warehouse(URL, root=tmp_path)
    put("t.parquet", x=[2])
    with pytest.raises(WarehouseError, match=r"shop/t.parquet was replaced or deleted while it"):
        values(warehouse, "t")
    warehouse.snapshot(["t"])
    assert values(warehouse, "t") == [{"x": 2}]
    assert cached(cache) == ["t.parquet"]


def test_a_fork_reads_with_connections_of_its_own(cache: Path, tmp_path: Path) -> None:
    put("t.parquet", x=[1])
    put("u.parquet", x=[2])
    warehouse = open_warehouse(URL, root=tmp_path)
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        assert pool.submit(values, warehouse, "u").result(timeout=60) == [{"x": 2}]
    assert values(warehouse, "t") == [{"x": 1}]
    assert cached(cache) == ["t.parquet", "u.parquet"]


def test_an_object_that_breaks_off_is_fetched_again_or_told(
    cache: Path, tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("t.parquet", x=list(range(1000)))
    wanted = [{"x": x} for x in range(1000)]
    with gateway(address) as (where, between):
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", where)
        patient = open_warehouse(URL, root=tmp_path)
        soon = partial(ObjectFolder, patience_s=1)
        monkeypatch.setattr("mushroom.warehouse.duckdb.files.ObjectFolder", soon)
        hurried = open_warehouse(URL, root=tmp_path)
        between.received = lambda body: body[:100] if b"PAR1" in body else body
        with pytest.raises(WarehouseError, match="gs://data cannot be read"):
            values(hurried, "t")
        assert cached(cache) == []
        breaks = [3000, 100]
        between.received = lambda body: body[: breaks.pop()] if breaks and b"PAR1" in body else body
        assert values(patient, "t") == wanted
    assert not breaks


@pytest.mark.usefixtures("cache")
def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="names no bucket"):
        open_warehouse("duckdb:gs://X", root=tmp_path)
    with pytest.raises(WarehouseError, match="there is no bucket 'nowhere'"):
        open_warehouse("duckdb:gs://nowhere/shop", root=tmp_path)
    put("orders.parquet", x=[1])
    with pytest.raises(WarehouseError, match=r"shop has no table 'order'; did you mean 'orders'\?"):
        open_warehouse(URL, root=tmp_path).columns("order")
