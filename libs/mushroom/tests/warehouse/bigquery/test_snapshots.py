"""Tables are read as they were when the run was planned, or not at all."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from mushroom import SnapshotChangedError, WarehouseError
from mushroom.googlesql import parse_query
from mushroom.query import PhysicalTable, Query
from mushroom.warehouse import write_table
from mushroom.warehouse.bigquery import BigQueryWarehouse

NUMBERS = pa.table({"x": [1, 2, 3]})
VIEW = "SELECT u.x * 10 AS x FROM `{project}.shop.t` AS u WHERE u.x > 1"


def query(table: str = "t") -> Query:
    relations = {"t": PhysicalTable(name=table)}
    return Query(tree=parse_query("SELECT x FROM t ORDER BY x"), relations=relations)


def planned(url: str, *tables: str) -> tuple[dict[str, str], BigQueryWarehouse]:
    warehouse = BigQueryWarehouse(url)
    snapshot = warehouse.snapshot(tables)
    return snapshot, BigQueryWarehouse(url, moment=warehouse.moment(snapshot))


def change(url: str, **fields: Any) -> Any:
    """What makes a reply about the table `t` say something else."""

    def after(call: Any) -> None:
        if call.method == "GET" and call.path.partition("?")[0].endswith("/tables/t"):
            reply = json.loads(call.reply)
            call.reply = json.dumps({**reply, **fields}).encode()

    return after


def test_a_planned_run_reads_the_past(fill, tap, url: str) -> None:
    fill(url, {"t": NUMBERS})
    snapshot, warehouse = planned(url, "t")
    with pytest.MonkeyPatch.context() as direct:
        direct.setenv("BIGQUERY_EMULATOR_HOST", tap.beyond)
        write_table(
            BigQueryWarehouse(url), "t", NUMBERS.slice(2).to_batches(), schema=NUMBERS.schema
        )
    tap.after = change(url, lastModifiedTime=str(int(datetime.now(UTC).timestamp() * 1000)))
    warehouse.verify(snapshot)
    assert warehouse.run(query())["x"].to_pylist() == [1, 2, 3]
    assert BigQueryWarehouse(url).run(query())["x"].to_pylist() == [3]
    assert "FOR SYSTEM_TIME AS OF CAST('20" in tap.inserts[0].configuration["query"]["query"]


def test_what_changes_while_planning_is_noticed(fill, tap, url: str) -> None:
    fill(url, {"t": NUMBERS})
    warehouse = BigQueryWarehouse(url)
    snapshot = warehouse.snapshot(["t"])
    tap.after = change(url, lastModifiedTime="1795547145811")
    with pytest.raises(SnapshotChangedError, match="'t' changed while the run was planned"):
        warehouse.moment(snapshot)


def test_another_schema_is_another_table(fill, url: str) -> None:
    fill(url, {"t": NUMBERS})
    snapshot, warehouse = planned(url, "t")
    fill(url, {"t": pa.table({"x": [1.5]})})
    with pytest.raises(SnapshotChangedError, match="'t' was made anew, or has other columns"):
        warehouse.verify(snapshot)


def test_a_table_made_anew_with_the_same_columns_is_another_table(fill, tap, url: str) -> None:
    """tables.get: creationTime. Time travel does not reach back into a deleted table."""
    fill(url, {"t": NUMBERS})
    snapshot, warehouse = planned(url, "t")
    tap.after = change(url, creationTime=str(int(datetime.now(UTC).timestamp() * 1000) + 1))
    with pytest.raises(SnapshotChangedError, match="'t' was made anew, or has other columns"):
        warehouse.verify(snapshot)


def test_after_seven_days_only_unchanged_tables_can_be_read(fill, tap, url: str) -> None:
    fill(url, {"t": NUMBERS})
    snapshot = BigQueryWarehouse(url).snapshot(["t"])
    moment = (datetime.now(UTC) - timedelta(days=8)).isoformat()
    warehouse = BigQueryWarehouse(url, moment=moment)
    warehouse.verify(snapshot)
    assert warehouse.run(query())["x"].to_pylist() == [1, 2, 3]
    assert "SYSTEM_TIME" not in tap.inserts[0].configuration["query"]["query"]
    tap.after = change(url, lastModifiedTime="1795547145811")
    with pytest.raises(SnapshotChangedError, match="keeps the past of a table for 7 days only"):
        warehouse.verify(snapshot)


@pytest.mark.parametrize(
    ("fields", "trouble"),
    [
        ({"type": "EXTERNAL"}, "is of the type EXTERNAL"),
        ({"type": "MATERIALIZED_VIEW"}, "is of the type MATERIALIZED_VIEW"),
        ({"streamingBuffer": {"estimatedRows": "5"}}, "is being streamed into"),
        (
            {"type": "VIEW", "view": {"query": "SELECT 1", "useLegacySql": True}},
            "not defined in Go",
        ),
        (
            {
                "type": "VIEW",
                "view": {"query": "SELECT CURRENT_DATE() AS x", "useLegacySql": False},
            },
            "cannot be told from its definition",
        ),
    ],
)
def test_what_cannot_tell_its_state_needs_a_declared_one(
    fill, tap, url: str, fields: dict[str, Any], trouble: str
) -> None:
    fill(url, {"t": NUMBERS})
    tap.after = change(url, **fields)
    with pytest.raises(WarehouseError, match=rf"(?s){trouble}.*snapshot.t=2026-11-24"):
        BigQueryWarehouse(url).snapshot(["t"])
    declared = f"{url}?snapshot.t=2026-11-24"
    snapshot, warehouse = planned(declared, "t")
    assert snapshot == {"t": "declared@2026-11-24"}
    assert warehouse.run(query())["x"].to_pylist() == [1, 2, 3]
    assert "SYSTEM_TIME" not in tap.inserts[-1].configuration["query"]["query"]


def test_a_view_is_read_from_its_base_tables(fill, tap, url: str) -> None:
    fill(url, {"t": NUMBERS, "v": NUMBERS.slice(0, 0)})
    text = VIEW.format(project=BigQueryWarehouse(url).address.project)

    def define(call: Any) -> None:
        if call.method == "GET" and call.path.partition("?")[0].endswith("/tables/v"):
            view = {"query": text, "useLegacySql": False}
            reply = {**json.loads(call.reply), "type": "VIEW", "view": view}
            call.reply = json.dumps(reply).encode()

    tap.after = define
    snapshot, warehouse = planned(url, "v")
    assert warehouse.run(query("v"))["x"].to_pylist() == [20, 30]
    assert "FOR SYSTEM_TIME AS OF" in tap.inserts[-1].configuration["query"]["query"]
    text = text.replace("10", "11")
    assert BigQueryWarehouse(url).snapshot(["v"]) != snapshot


def test_unknown_names_suggest_others(fill, url: str) -> None:
    fill(url, {"clicks": NUMBERS})
    warehouse = BigQueryWarehouse(url)
    with pytest.raises(WarehouseError, match=r"shop has no table 'click'; did you mean 'clicks'\?"):
        warehouse.columns("click")
    project = warehouse.address.project
    with pytest.raises(WarehouseError, match=r"no dataset 'shap'; did you mean 'shop'\?"):
        BigQueryWarehouse(f"bigquery://{project}/shap").tables()


def test_tables_are_named_in_three_ways(fill, url: str) -> None:
    fill(url, {"t": NUMBERS})
    project = BigQueryWarehouse(url).address.project
    for name in ("t", "shop.t", f"{project}.shop.t"):
        assert BigQueryWarehouse(url).run(query(name)).num_rows == 3
