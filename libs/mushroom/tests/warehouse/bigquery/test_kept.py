"""A plan's inputs, kept for longer than BigQuery's time travel reaches."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from google.cloud.bigquery import Table
from mushroom import SnapshotChangedError, WarehouseError
from mushroom.googlesql import parse_query
from mushroom.query import PhysicalTable, Query
from mushroom.warehouse import write_table
from mushroom.warehouse.bigquery import BigQueryWarehouse
from mushroom.warehouse.bigquery.kept import KeptInputs
from mushroom.warehouse.bigquery.tables import Tables

NUMBERS = pa.table({"x": [1, 2, 3]})


def query(table: str) -> Query:
    relations = {"t": PhysicalTable(name=table)}
    return Query(tree=parse_query("SELECT x FROM t ORDER BY x"), relations=relations)


def planned(url: str, *tables: str) -> tuple[dict[str, str], BigQueryWarehouse]:
    warehouse = BigQueryWarehouse(url)
    snapshot = warehouse.snapshot(tables)
    return snapshot, BigQueryWarehouse(url, moment=warehouse.moment(snapshot))


def copies(tap: Any) -> list[dict[str, Any]]:
    """What was asked to be copied, as it was sent."""
    return [call.configuration["copy"] for call in tap.calls if "copy" in call.configuration]


@pytest.fixture
def kept(fill, tap, url: str) -> Iterator[str]:
    """A URL that keeps inputs; the emulator, which knows no `table@time`, copies the present."""
    fill(url, {"t": NUMBERS})
    sent = []

    def undecorated(call: Any) -> None:
        if "copy" in call.configuration:
            [source] = call.configuration["copy"]["sourceTables"]
            sent.append(source["tableId"])
            source["tableId"] = source["tableId"].partition("@")[0]

    tap.before = undecorated
    client = BigQueryWarehouse(url).client
    client.create_dataset("kept")
    yield f"{url}?keep_inputs=kept"
    assert all(re.fullmatch(r"\w+@\d{13}", table) for table in sent)


@pytest.fixture
def overwrite(tap, url: str) -> Callable[[], None]:
    """Puts other rows into the table `t`, of other columns."""

    def overwrite() -> None:
        with pytest.MonkeyPatch.context() as direct:
            direct.setenv("BIGQUERY_EMULATOR_HOST", tap.beyond)
            warehouse = BigQueryWarehouse(url)
            warehouse.client.delete_table(str(warehouse.address.table("t")))
            rows = pa.table({"x": [9], "y": [1]})
            write_table(warehouse, "t", rows.to_batches(), schema=rows.schema)

    return overwrite


def test_a_plan_reads_what_it_kept_whatever_becomes_of_the_table(kept, overwrite, tap) -> None:
    snapshot, warehouse = planned(kept, "t")
    overwrite()
    warehouse.verify(snapshot)
    assert warehouse.run(query("t"))["x"].to_pylist() == [1, 2, 3]
    [sent] = [call.configuration["query"]["query"] for call in tap.inserts if "`t_" in str(call)]
    assert "SYSTEM_TIME" not in sent
    assert BigQueryWarehouse(kept).run(query("t"))["x"].to_pylist() == [9]


def test_the_copy_has_the_shape_of_the_reference(kept, tap) -> None:
    """jobs.insert: JobConfigurationTableCopy, of a table as of a millisecond."""
    before = datetime.now(UTC)
    planned(f"{kept}&keep_days=30", "t")
    [copy] = copies(tap)
    assert copy["operationType"] == "SNAPSHOT"
    assert copy["writeDisposition"] == "WRITE_EMPTY"
    assert copy["sourceTables"][0]["tableId"] == "t"
    expires = datetime.fromisoformat(copy["destinationExpirationTime"])
    assert abs(expires - before - timedelta(days=30)) < timedelta(minutes=5)
    assert copy["destinationTable"]["datasetId"] == "kept"
    assert re.fullmatch(r"t_\d{8}T\d{12}_[0-9a-f]{8}", copy["destinationTable"]["tableId"])


def test_a_part_of_a_millisecond_is_rounded_up(kept, tap) -> None:
    """Rounded down, it could lie before the table's last change."""
    asked, strip = [], tap.before

    def note(call: Any) -> None:
        if copy := call.configuration.get("copy"):
            asked.append(copy["sourceTables"][0]["tableId"])
        strip(call)

    tap.before = note
    warehouse = BigQueryWarehouse(kept)
    tables = Tables(warehouse.address, warehouse.connection)
    for micros in (678_000, 678_001):
        moment = datetime(2026, 1, 2, 3, 4, 5, micros, tzinfo=UTC)
        KeptInputs(warehouse.address, warehouse.connection, moment).keep(["t"], tables)
    assert asked == ["t@1767323045678", "t@1767323045679"]


def test_without_days_nothing_expires(kept, tap) -> None:
    planned(kept, "t")
    assert "destinationExpirationTime" not in copies(tap)[0]


def test_a_view_is_kept_over_its_kept_base_tables(kept, overwrite, tap, url: str) -> None:
    warehouse = BigQueryWarehouse(kept)
    project = warehouse.address.project
    text = f"SELECT u.x * 10 AS x FROM `{project}.shop.t` AS u WHERE u.x > 1"  # noqa: S608

    def define(call: Any) -> None:
        if call.method == "GET" and call.path.partition("?")[0].endswith("/tables/v"):
            call.status = 200
            call.reply = VIEW.replace("TEXT", text).replace("PROJECT", project).encode()

    tap.after = define
    snapshot, planned_warehouse = planned(kept, "v")
    overwrite()
    planned_warehouse.verify(snapshot)
    assert planned_warehouse.run(query("v"))["x"].to_pylist() == [20, 30]


VIEW = """{"kind": "bigquery#table", "type": "VIEW", "schema": {"fields": [{"name": "x", "type":
"INTEGER"}]}, "tableReference": {"projectId": "PROJECT", "datasetId": "shop", "tableId": "v"},
"creationTime": "1", "lastModifiedTime": "1", "view": {"query": "TEXT", "useLegacySql": false}}"""


def test_what_is_no_longer_kept_ends_the_run(kept) -> None:
    snapshot, warehouse = planned(kept, "t")
    [name] = [item.reference for item in warehouse.client.list_tables("kept")]
    warehouse.client.delete_table(name)
    with pytest.raises(SnapshotChangedError, match=r"'t' as it was .* is no longer kept in kept"):
        warehouse.verify(snapshot)


def test_keeping_again_keeps_once(kept, tap) -> None:
    warehouse = BigQueryWarehouse(kept)
    snapshot = warehouse.snapshot(["t"])
    moment = warehouse.moment(snapshot)
    again = KeptInputs(warehouse.address, warehouse.connection, datetime.fromisoformat(moment))
    again.keep(snapshot, Tables(warehouse.address, warehouse.connection))
    assert len(copies(tap)) == 1


def test_a_race_to_keep_is_no_error(kept, tap) -> None:
    """Another process makes the same snapshot between the look and the copy."""
    made = []

    def overtake(call: Any) -> None:
        if copy := call.configuration.get("copy"):
            copy["sourceTables"][0]["tableId"] = "t"
            target = copy["destinationTable"]
            table = Table(f"{target['projectId']}.kept.{target['tableId']}")
            with pytest.MonkeyPatch.context() as direct:
                direct.setenv("BIGQUERY_EMULATOR_HOST", tap.beyond)
                BigQueryWarehouse(kept).client.create_table(table)
            made.append(table)

    tap.before = overtake
    planned(kept, "t")
    assert len(made) == 1


def test_a_declared_table_cannot_be_kept(kept) -> None:
    with pytest.raises(WarehouseError, match=r"The state of t is declared.* cannot be kept"):
        planned(f"{kept}&snapshot.t=2026-11-24", "t")


def test_a_dataset_that_is_not_there_is_named(kept) -> None:
    with pytest.raises(WarehouseError, match=r"Keeping the table .*shop\.t in .*\.nowhere failed"):
        planned(kept.replace("=kept", "=nowhere"), "t")
