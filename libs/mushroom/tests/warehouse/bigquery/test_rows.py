"""Rows both ways over the wire: large local rows, both ways to read, exports, tables written."""

from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest
from google.cloud.bigquery import TableReference
from mushroom import WarehouseError
from mushroom.googlesql import parse_query
from mushroom.query import LocalRows, PhysicalTable, Query
from mushroom.warehouse.bigquery import BigQueryWarehouse, export_query, read_export, write_table
from mushroom.warehouse.bigquery.results import stored_batches
from mushroom.warehouse.bigquery.tables import TEMPORARY
from pyarrow.fs import LocalFileSystem, SubTreeFileSystem

T = {"t": PhysicalTable(name="t")}
MANY = pa.table({"x": list(range(120_000))})


def test_large_local_rows_are_a_table_for_one_query(fill, tap, url: str) -> None:
    fill(url, {"t": pa.table({"x": [2_999, 7]})})
    rows = pa.table({"x": list(range(3_000)), "s": [f"ä{i}" for i in range(3_000)]})
    query = Query(
        tree=parse_query("SELECT mine.s FROM mine JOIN t ON t.x = mine.x ORDER BY mine.x"),
        relations={**T, "mine": LocalRows(rows=rows)},
    )
    warehouse = BigQueryWarehouse(url)
    with pytest.raises(WarehouseError, match="resumable"):
        warehouse.run(query)  # the tap does not carry uploads: the table is deleted nevertheless
    made = [
        call
        for call in tap.calls
        if call.method == "POST" and call.path.endswith("/tables?prettyPrint=false")
    ]
    expires = int(made[0].body["expirationTime"]) / 1000
    assert 0 < expires - datetime.now(UTC).timestamp() < 13 * 3600
    assert [call.method for call in tap.calls if TEMPORARY in call.path] == ["DELETE"]


def test_large_local_rows_are_joined(fill, url: str) -> None:
    fill(url, {"t": pa.table({"x": [2_999, 7]})})
    rows = pa.table({"x": list(range(3_000)), "s": [f"ä{i}" for i in range(3_000)]})
    query = Query(
        tree=parse_query("SELECT mine.s FROM mine JOIN t ON t.x = mine.x ORDER BY mine.x"),
        relations={**T, "mine": LocalRows(rows=rows)},
    )
    warehouse = BigQueryWarehouse(url)
    assert warehouse.run(query)["s"].to_pylist() == ["ä7", "ä2999"]
    dataset = f"{warehouse.address.project}.{warehouse.address.dataset}"
    assert [item.table_id for item in warehouse.client.list_tables(dataset)] == ["t"]


def test_the_storage_read_api_gives_the_rows_in_order(fill, url: str) -> None:
    fill(url, {"t": MANY})
    connection = BigQueryWarehouse(url).connection
    table = TableReference.from_string(str(BigQueryWarehouse(url).address.table("t")))
    batches = list(stored_batches(connection, table))
    assert len(batches) > 1
    assert pa.Table.from_batches(batches)["x"].to_pylist() == MANY["x"].to_pylist()


def test_pages_of_the_rest_api_are_a_fallback(fill, url: str, caplog) -> None:
    fill(url, {"t": MANY})
    query = Query(tree=parse_query("SELECT x FROM t ORDER BY x"), relations=T)
    batches = list(BigQueryWarehouse(url).stream(query))
    assert len(batches) > 2
    assert pa.Table.from_batches(batches)["x"].to_pylist() == MANY["x"].to_pylist()
    assert "slower REST API" in caplog.text


def test_a_broken_download_is_never_a_short_table(fill, tap, url: str, monkeypatch) -> None:
    """A page that breaks off is asked for again; where it keeps breaking, nothing is returned."""
    fill(url, {"t": MANY})
    query = Query(tree=parse_query("SELECT x FROM t ORDER BY x"), relations=T)
    breaks = iter([False])
    tap.after = lambda call: next(breaks, None) if "pageToken" in call.path else None
    found = BigQueryWarehouse(url).run(query)
    assert found["x"].to_pylist() == MANY["x"].to_pylist()
    assert next(breaks, None) is None
    monkeypatch.setattr("mushroom.warehouse.bigquery.connection.RETRY_S", 1.0)
    tap.after = lambda call: False if "pageToken" in call.path else None
    with pytest.raises(WarehouseError, match="Reading the rows of a query"):
        BigQueryWarehouse(url).run(query)


def test_fewer_rows_than_the_job_has_are_refused(fill, tap, url: str) -> None:
    fill(url, {"t": MANY})

    def forget(call: Any) -> None:
        if "pageToken" in call.path:
            call.reply = call.reply.replace(b'"rows":[', b'"rows":[],"was":[', 1)

    tap.after = forget
    query = Query(tree=parse_query("SELECT x FROM t ORDER BY x"), relations=T)
    with pytest.raises(WarehouseError, match=r"gave \d+ of 120000 rows"):
        BigQueryWarehouse(url).run(query)


def test_exports_are_read_shard_by_shard(fill, bigquery, url: str) -> None:
    fill(url, {"t": MANY})
    folder = f"gs://bucket/{BigQueryWarehouse(url).address.project}"
    query = Query(
        tree=parse_query("SELECT x FROM t WHERE x < @n"), relations=T, parameters={"n": 9}
    )
    export_query(BigQueryWarehouse(url), query, folder)
    bucket = SubTreeFileSystem(str(bigquery.buckets), LocalFileSystem())
    shards = list(read_export(folder, filesystem=bucket))
    assert sorted(pa.concat_tables(shards)["x"].to_pylist()) == list(range(9))


@pytest.mark.parametrize("folder", ["bucket/out", "gs://bucket", "gs://bucket/*", "s3://b/out"])
def test_other_places_are_no_exports(url: str, folder: str) -> None:
    with pytest.raises(WarehouseError, match="is no folder of a bucket"):
        next(read_export(folder, filesystem=LocalFileSystem()))


def test_a_table_is_replaced_whole(fill, url: str) -> None:
    fill(url, {"t": pa.table({"x": [1, 2]})})
    warehouse = BigQueryWarehouse(url)
    for _ in range(2):
        batches = pa.table({"x": [7, 8, 9]}).to_batches(max_chunksize=2)
        assert write_table(warehouse, "t", batches, schema=pa.schema({"x": pa.int64()})) == 3
    query = Query(tree=parse_query("SELECT x FROM t ORDER BY x"), relations=T)
    assert warehouse.run(query)["x"].to_pylist() == [7, 8, 9]


def test_a_partition_holds_one_day(fill, url: str) -> None:
    fill(url, {})
    schema = pa.schema({"day": pa.date32(), "x": pa.int64()})
    rows = pa.table({"day": [date(2026, 1, 2), date(2026, 1, 3)], "x": [1, 2]}, schema=schema)
    partition = ("day", date(2026, 1, 2))
    with pytest.raises(WarehouseError, match="must all have that day, got 2026-01-03"):
        write_table(
            BigQueryWarehouse(url), "p", rows.to_batches(), schema=schema, partition=partition
        )
