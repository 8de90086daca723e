"""A download that breaks off goes on or fails in a sentence; it never gives a short table."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pytest
from google.cloud.bigquery import TableReference
from mushroom import WarehouseError
from mushroom.googlesql import parse_query
from mushroom.query import PhysicalTable, Query
from mushroom.warehouse.bigquery import BigQueryWarehouse
from mushroom.warehouse.bigquery.results import read_batches
from storage_line import Line, storage_line

MANY = pa.table({"x": list(range(200_000))})
PAGES = MANY.slice(0, 60_000)
QUERY = Query(
    tree=parse_query("SELECT x FROM t ORDER BY x"), relations={"t": PhysicalTable(name="t")}
)
LIMITS_S = {"RETRY_S": 1.0, "REQUEST_S": 3.0}


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for long."""
    for name, limit_s in LIMITS_S.items():
        monkeypatch.setattr(f"mushroom.warehouse.bigquery.connection.{name}", limit_s)


def test_a_page_that_breaks_off_is_asked_for_again(fill, tap, url: str) -> None:
    fill(url, {"t": PAGES})
    breaks = iter([False])
    tap.after = lambda call: next(breaks, None) if "pageToken" in call.path else None
    assert BigQueryWarehouse(url).run(QUERY)["x"].to_pylist() == PAGES["x"].to_pylist()
    assert next(breaks, None) is None


@pytest.mark.usefixtures("hurried")
def test_where_pages_keep_breaking_off_nothing_is_returned(fill, tap, url: str) -> None:
    fill(url, {"t": PAGES})
    tap.after = lambda call: False if "pageToken" in call.path else None
    with pytest.raises(WarehouseError, match="Reading the rows of a query"):
        BigQueryWarehouse(url).run(QUERY)


def test_fewer_rows_than_the_job_has_are_refused(fill, tap, url: str) -> None:
    fill(url, {"t": PAGES})

    def forget(call: Any) -> None:
        if "pageToken" in call.path:
            call.reply = call.reply.replace(b'"rows":[', b'"rows":[],"was":[', 1)

    tap.after = forget
    with pytest.raises(WarehouseError, match=r"gave \d+ of 60000 rows"):
        BigQueryWarehouse(url).run(QUERY)


@pytest.fixture
def line(bigquery, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """The line to the Storage Read API, for warehouses that are opened from now on."""
    with storage_line(bigquery.grpc) as (address, made):
        monkeypatch.setenv("BIGQUERY_STORAGE_EMULATOR_HOST", address)
        yield made


@pytest.fixture
def stored(fill, line: Line, url: str) -> Callable[[], list[int]]:
    """Reads a query's rows from the table that it reads: the emulator has none of its result."""
    fill(url, {"t": MANY})

    def read() -> list[int]:
        warehouse = BigQueryWarehouse(url)
        table = TableReference.from_string(str(warehouse.address.table("t")))
        with warehouse.answered(QUERY) as (_, rows):
            found = read_batches(warehouse.connection, rows, table, MANY.schema)
            return pa.Table.from_batches(found, MANY.schema)["x"].to_pylist()

    return read


def test_a_stream_that_breaks_off_goes_on_where_it_was(
    stored: Callable[[], list[int]], line: Line
) -> None:
    line.limits = [700_000, 700_000]
    assert stored() == MANY["x"].to_pylist()
    assert not line.limits
    assert line.offsets[0] == 0
    assert line.offsets[-1] >= 65_536
    assert line.offsets == sorted(line.offsets)


@pytest.mark.usefixtures("hurried")
def test_a_stream_that_is_silent_is_asked_again(
    stored: Callable[[], list[int]], line: Line
) -> None:
    may_go = threading.Event()
    line.held = lambda sent: may_go.wait(60) if sent == 1 and len(line.offsets) == 1 else None
    assert stored() == MANY["x"].to_pylist()
    assert line.offsets == [0, 65_536]
    may_go.set()


@pytest.mark.usefixtures("hurried")
def test_a_stream_that_stays_silent_is_an_error(
    stored: Callable[[], list[int]], line: Line
) -> None:
    may_go = threading.Event()
    line.held = lambda _: may_go.wait(60)
    with pytest.raises(WarehouseError, match=r"Reading the rows of a query failed: .*Deadline"):
        stored()
    assert line.offsets == [0, 0]
    may_go.set()


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(("passes", "first"), [([700_000], [0]), ([], [])], ids=["some", "none"])
def test_where_streams_keep_breaking_nothing_is_returned(
    stored: Callable[[], list[int]], line: Line, passes: list[int], first: list[int]
) -> None:
    line.limits = passes + [0] * 1000
    with pytest.raises(WarehouseError, match="Reading the rows of a query was given up"):
        stored()
    assert line.offsets[:1] == first
