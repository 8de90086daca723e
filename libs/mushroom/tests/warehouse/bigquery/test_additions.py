"""Rows are added once, whatever becomes of replies, clients and jobs."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mushroom import WarehouseError
from mushroom.testing.writing_contract import add, rows_of
from mushroom.warehouse import append_rows, write_table
from mushroom.warehouse.bigquery import BigQueryWarehouse

OLD = pa.table({"x": [1]})
NEW = pa.table({"x": [2, 3]})
CLIENT = """
import sys
import pyarrow as pa
from mushroom.warehouse import append_rows
from mushroom.warehouse.bigquery import BigQueryWarehouse
rows = pa.table({"x": [2, 3]})
warehouse = BigQueryWarehouse(sys.argv[1])
append_rows(warehouse, "t", rows.to_batches(), schema=rows.schema, addition="week 1")
"""


@pytest.fixture
def shop(fill, load_names, tap, url: str) -> str:
    fill(url, {"t": OLD})
    tap.calls.clear()
    return url


def uploads(tap: Any) -> list[Any]:
    return [call for call in tap.calls if call.is_upload]


def values(shop: str) -> list[int]:
    return [row["x"] for row in rows_of(BigQueryWarehouse(shop), "t")]


def test_the_job_has_the_shape_of_the_reference(shop: str, tap) -> None:
    """jobs.insert: JobConfigurationLoad with a jobReference, as a resumable upload begins."""
    add(BigQueryWarehouse(shop, labels={"case": "a"}), NEW, "week 1")
    [sent] = uploads(tap)
    assert sent.body["jobReference"]["jobId"].startswith("mushroom-add-")
    load = sent.configuration["load"]
    assert load["destinationTable"]["tableId"] == "t"
    assert load["writeDisposition"] == "WRITE_APPEND"
    assert load["createDisposition"] == "CREATE_NEVER"
    assert load["sourceFormat"] == "PARQUET"
    labels = sent.configuration["labels"]
    assert labels["case"] == "a"
    assert len(labels["rows"]) == 40


def test_a_table_s_columns_are_replaced_in_the_shape_of_the_reference(shop: str, tap) -> None:
    """A load job that names no schema takes that of the Parquet file, names and all."""
    rows = pa.table({"y": [1]})
    write_table(BigQueryWarehouse(shop), "t", rows.to_batches(), schema=rows.schema)
    [sent] = uploads(tap)
    assert sent.configuration["load"]["writeDisposition"] == "WRITE_TRUNCATE"
    assert "schema" not in sent.configuration["load"]
    [file] = [call.body for call in tap.calls if call.method == "PUT"]
    assert pq.read_table(io.BytesIO(file)).equals(rows)


def test_a_client_that_is_killed_adds_once(shop: str, load_names, tap) -> None:
    is_there, may_go = threading.Event(), threading.Event()

    def hold(call: Any) -> None:
        load_names.after(call)
        if call.method == "PUT":
            is_there.set()
            may_go.wait(60)

    tap.after = hold
    with subprocess.Popen([sys.executable, "-c", CLIENT, shop]) as client:
        assert is_there.wait(60)
        os.kill(client.pid, signal.SIGKILL)
        client.wait(60)
        may_go.set()
    tap.after = load_names.after
    assert add(BigQueryWarehouse(shop), NEW, "week 1") == 2
    assert values(shop) == [1, 2, 3]
    assert len(uploads(tap)) == 1


def test_a_lost_reply_doubles_nothing(shop: str, load_names, tap) -> None:
    """The reply to the rows' last byte breaks off, until the client gives up."""

    def cut(call: Any) -> bool:
        load_names.after(call)
        return call.method != "PUT"

    tap.after = cut
    with pytest.raises(WarehouseError, match="Loading rows into"):
        add(BigQueryWarehouse(shop), NEW, "week 1")
    tap.after = load_names.after
    add(BigQueryWarehouse(shop), NEW, "week 1")
    assert values(shop) == [1, 2, 3]


def test_two_who_add_at_once_add_once(shop: str, load_names, tap) -> None:
    """Neither saw the other's job: the second upload is refused, and waits for the first."""
    asked = []

    def unseen(call: Any) -> int | None:
        is_look = call.method == "GET" and "mushroom-add-" in call.path
        if is_look and len(asked) < 2:
            asked.append(call.path)
            return 404
        return load_names.before(call)

    tap.before = unseen
    add(BigQueryWarehouse(shop), NEW, "week 1")
    add(BigQueryWarehouse(shop), NEW, "week 1")
    assert asked[0] == asked[1]
    assert len(uploads(tap)) == 2
    assert values(shop) == [1, 2, 3]


def test_a_job_that_failed_is_followed_by_another(shop: str, load_names, tap) -> None:
    """It added nothing, and its name is taken for ever."""

    def failed(call: Any) -> None:
        load_names.after(call)
        if call.method == "GET" and "mushroom-add-" in str(call.reply) and b'-0"' in call.reply:
            reply = json.loads(call.reply)
            fault = {"reason": "backendError", "message": "Error encountered."}
            reply["status"] = {"state": "DONE", "errorResult": fault, "errors": [fault]}
            call.reply = json.dumps(reply).encode()

    add(BigQueryWarehouse(shop), NEW, "week 1")
    tap.after = failed
    add(BigQueryWarehouse(shop), NEW, "week 1")
    first, second = (call.body["jobReference"]["jobId"] for call in uploads(tap))
    assert (first[-2:], second[-2:]) == ("-0", "-1")
    assert first[:-2] == second[:-2]


def test_a_table_that_is_made_anew_takes_them_again(fill, shop: str) -> None:
    add(BigQueryWarehouse(shop), NEW, "week 1")
    fill(shop, {"t": OLD})
    add(BigQueryWarehouse(shop), NEW, "week 1")
    assert values(shop) == [1, 2, 3]


def test_a_partitioned_table_is_made_as_it_is_told(shop: str, tap) -> None:
    """tables.insert: TimePartitioning; the job itself leaves it to the table."""
    rows = pa.table({"day": pa.array([0], pa.date32())})
    append_rows(
        BigQueryWarehouse(shop),
        "p",
        rows.to_batches(),
        schema=rows.schema,
        addition="a",
        partitioned_by="day",
    )
    [made] = [call for call in tap.calls if isinstance(call.body, dict) and "schema" in call.body]
    assert made.body["timePartitioning"] == {"type": "DAY", "field": "day"}
    [sent] = uploads(tap)
    assert "timePartitioning" not in sent.configuration["load"]


def test_missing_rights_to_write_name_the_role(shop: str, tap) -> None:
    said = "Access Denied: User does not have bigquery.tables.updateData permission."

    def refuse(call: Any) -> None:
        if call.is_upload:
            call.refuse(403, "accessDenied", said)

    tap.after = refuse
    with pytest.raises(WarehouseError, match=r"was refused: .* It may lack roles/bigquery.dataEd"):
        add(BigQueryWarehouse(shop), NEW, "week 1")
