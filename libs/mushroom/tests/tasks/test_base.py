from pathlib import Path
from typing import Any

import luigi
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from gokart_store import ParquetFormat, run_task
from mushroom import PhysicalTable, Query, SnapshotChangedError, WarehouseError, WarehouseTask
from mushroom.googlesql import parse_query


class CountRows(WarehouseTask[pa.Table]):
    format = ParquetFormat()
    table = luigi.Parameter()
    changing = luigi.Parameter(default="", significant=False)

    def queries(self) -> dict[str, Query]:
        tree = parse_query("SELECT COUNT(*) AS n FROM t")
        return {"count": Query(tree=tree, relations={"t": PhysicalTable(name=self.table)})}

    def run(self) -> None:
        with self.reading() as warehouse:
            rows = warehouse.run(self.queries()["count"], threads=self.threads)
            if self.changing:
                pq.write_table(pa.table({"x": [1]}), self.changing)
        self.dump(rows)


def unique_id(arguments: dict[str, Any], **changes: Any) -> str:
    task = CountRows(**{**arguments, "table": "labels", **changes})
    identity: str = task.make_unique_id()
    return identity


def test_the_id_covers_queries_and_the_tables_they_read(arguments: dict[str, Any]) -> None:
    task = CountRows(table="labels", **arguments)
    assert task.fingerprint() == {
        "queries": {
            "count": {
                "sql": "SELECT\n  COUNT(*) AS n\nFROM t",
                "parameters": {},
                "tables": {"t": "labels"},
            }
        },
        "snapshot": {"labels": arguments["snapshot"]["labels"]},
    }
    changed = {**arguments["snapshot"], "labels": "another"}
    assert unique_id(arguments, snapshot=changed) != unique_id(arguments)


def test_the_id_leaves_out_what_the_task_does_not_read(arguments: dict[str, Any]) -> None:
    same = unique_id(arguments)
    snapshot = {**arguments["snapshot"], "people": "another"}
    assert unique_id(arguments, snapshot=snapshot) == same
    assert unique_id(arguments, catalog={**arguments["catalog"], "timezone": "UTC"}) == same
    assert unique_id(arguments, threads=7) == same
    assert unique_id(arguments, warehouse="duckdb:elsewhere", root="/") == same


def test_a_table_without_a_snapshot_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(WarehouseError, match="CountRows reads the table 'labels', of which no sna"):
        unique_id(arguments, snapshot={})


def test_the_data_of_the_snapshot_is_read(arguments: dict[str, Any]) -> None:
    task = CountRows(table="labels", **arguments)
    run_task(task)
    assert task.result().to_pylist() == [{"n": 3}]


def test_data_that_changed_before_is_refused(arguments: dict[str, Any], shop: Path) -> None:
    task = CountRows(table="labels", **arguments)
    pq.write_table(pa.table({"x": [1]}), shop / "labels.parquet")
    with pytest.raises(SnapshotChangedError, match="'labels' in duckdb:shop has changed since the"):
        run_task(task)
    assert not task.complete()


def test_data_that_changes_in_between_is_refused(arguments: dict[str, Any], shop: Path) -> None:
    task = CountRows(table="labels", changing=str(shop / "labels.parquet"), **arguments)
    with pytest.raises(SnapshotChangedError, match="run again, so that everything reads the same"):
        run_task(task)
    assert not task.complete()
