"""Queries that need more than they may take; the limits are real."""

import resource
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from mushroom import PhysicalTable, Query, WarehouseError, open_warehouse, parse_query

pytestmark = pytest.mark.one_python

ROWS = 3_000_000
SORTED = "SELECT x, CONCAT('user ', CAST(x AS STRING)) AS s FROM t ORDER BY s DESC"


def select(text: str) -> Query:
    return Query(tree=parse_query(text), relations={"t": PhysicalTable(name="t")})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("shop")
    rows = duckdb.sql("SELECT range AS x FROM range($n)", params={"n": ROWS})
    rows.write_parquet(str(found / "t.parquet"), compression="zstd")
    return found


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file may become larger than a megabyte."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_does_not_fit_is_spilled(folder: Path) -> None:
    warehouse = open_warehouse("duckdb:.", root=folder, memory_gib=0.08)
    stream = warehouse.stream(select(SORTED), threads=1)
    first = next(stream)
    assert first["s"][0].as_py() == "user 999999"
    assert first.num_rows + sum(batch.num_rows for batch in stream) == ROWS


def test_what_cannot_be_spilled_says_what_to_raise(folder: Path) -> None:
    query = select("SELECT MAX(ARRAY_LENGTH(a)) AS n FROM (SELECT ARRAY_AGG(x) AS a FROM t)")
    small = open_warehouse("duckdb:.", root=folder, memory_gib=0.03)
    message = (
        r"reads t in duckdb:. needs more memory than it may take, 0.03 GiB. Raise "
        r"query_memory_gib, .* fewer threads, .* more shards, or ask for fewer columns at a time. "
        r"DuckDB says: Out of Memory"
    )
    with pytest.raises(WarehouseError, match=message):
        small.run(query)
    assert open_warehouse("duckdb:.", root=folder, memory_gib=1).run(query).num_rows == 1


@pytest.mark.usefixtures("small_disk")
def test_a_full_disk_says_where_and_what_to_do(folder: Path) -> None:
    small = open_warehouse("duckdb:.", root=folder, memory_gib=0.08)
    message = r"more room on disk than there is in .*mushroom-duckdb-.* Let TMPDIR name a folder"
    with pytest.raises(WarehouseError, match=message):
        list(small.stream(select(SORTED)))
