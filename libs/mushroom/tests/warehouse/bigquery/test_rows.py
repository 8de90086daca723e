"""Rows both ways over the wire: large local rows, both ways to read, exports, tables written."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from google.cloud.bigquery import TableReference
from mushroom import WarehouseError
from mushroom.googlesql import parse_query
from mushroom.query import LocalRows, PhysicalTable, Query
from mushroom.warehouse import write_table
from mushroom.warehouse.bigquery import BigQueryWarehouse, export_query, read_export
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
    tap.before = lambda call: 400 if call.is_upload else None
    warehouse = BigQueryWarehouse(url)
    with pytest.raises(WarehouseError, match=f"Loading rows into .*{TEMPORARY}.* failed"):
        warehouse.run(query)  # the table is deleted nevertheless
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


def test_few_local_rows_are_a_parameter_and_none_are_no_parameter(fill, tap, url: str) -> None:
    """jobs.insert: QueryParameterType of an array of structs; an empty one is never sent."""
    fill(url, {"t": pa.table({"x": [7, 8]})})
    rows = pa.table({"x": [7], "s": ["ä"]})
    query = Query(
        tree=parse_query("SELECT t.x, mine.s FROM t LEFT JOIN mine ON t.x = mine.x ORDER BY 1"),
        relations={**T, "mine": LocalRows(rows=rows)},
    )
    warehouse = BigQueryWarehouse(url)
    assert warehouse.run(query)["s"].to_pylist() == ["ä", None]
    assert warehouse.run(query.with_rows("mine", rows.slice(0, 0)))["s"].to_pylist() == [None] * 2
    some, none = (call.configuration["query"]["queryParameters"] for call in tap.inserts)
    [parameter] = some
    assert parameter["parameterType"]["type"] == "ARRAY"
    fields = parameter["parameterType"]["arrayType"]["structTypes"]
    assert [(field["name"], field["type"]["type"]) for field in fields] == [
        ("x", "INT64"),
        ("s", "STRING"),
    ]
    assert none == []


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


def test_exports_are_read_shard_by_shard(fill, bigquery, url: str) -> None:
    fill(url, {"t": MANY})
    folder = f"gs://bucket/{BigQueryWarehouse(url).address.project}"
    query = Query(
        tree=parse_query("SELECT x FROM t WHERE x < @n"), relations=T, parameters={"n": 9}
    )
    rows = export_query(BigQueryWarehouse(url), query, folder)
    bucket = SubTreeFileSystem(str(bigquery.buckets), LocalFileSystem())
    shards = list(read_export(folder, rows=rows, filesystem=bucket))
    assert sorted(pa.concat_tables(shards)["x"].to_pylist()) == list(range(9))


@pytest.mark.parametrize("folder", ["bucket/out", "gs://bucket", "gs://bucket/*", "s3://b/out"])
def test_other_places_are_no_exports(url: str, folder: str) -> None:
    with pytest.raises(WarehouseError, match="is no folder of a bucket"):
        next(read_export(folder, rows=0, filesystem=LocalFileSystem()))


def test_a_table_is_replaced_whole(fill, url: str) -> None:
    fill(url, {"t": pa.table({"x": [1, 2]})})
    warehouse = BigQueryWarehouse(url)
    for _ in range(2):
        batches = pa.table({"x": [7, 8, 9]}).to_batches(max_chunksize=2)
        assert write_table(warehouse, "t", batches, schema=pa.schema({"x": pa.int64()})) == 3
    query = Query(tree=parse_query("SELECT x FROM t ORDER BY x"), relations=T)
    assert warehouse.run(query)["x"].to_pylist() == [7, 8, 9]


def test_rows_that_break_off_leave_what_was_there(fill, url: str) -> None:
    fill(url, {"t": pa.table({"x": [1, 2]})})
    warehouse = BigQueryWarehouse(url)

    def broken() -> Iterator[pa.RecordBatch]:
        yield pa.record_batch({"x": [7]})
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        write_table(warehouse, "t", broken(), schema=pa.schema({"x": pa.int64()}))
    query = Query(tree=parse_query("SELECT x FROM t ORDER BY x"), relations=T)
    assert warehouse.run(query)["x"].to_pylist() == [1, 2]


def test_a_partition_holds_one_day(fill, url: str) -> None:
    fill(url, {})
    schema = pa.schema({"day": pa.date32(), "x": pa.int64()})
    rows = pa.table({"day": [date(2026, 1, 2), date(2026, 1, 3)], "x": [1, 2]}, schema=schema)
    partition = ("day", date(2026, 1, 2))
    with pytest.raises(WarehouseError, match="must all have that day, got 2026-01-03"):
        write_table(
            BigQueryWarehouse(url), "p", rows.to_batches(), schema=schema, partition=partition
        )
