"""Jobs over the wire: paid for once, estimated, limited, marked, repeated only where that helps."""

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from mushroom import WarehouseError
from mushroom.googlesql import parse_query
from mushroom.query import PhysicalTable, Query
from mushroom.warehouse.bigquery import BigQueryWarehouse

ROWS = pa.table({"x": [3, 1, 2]})
QUERY = Query(
    tree=parse_query("SELECT x FROM t ORDER BY x"), relations={"t": PhysicalTable(name="t")}
)
CLIENT = """
import sys
from mushroom.googlesql import parse_query
from mushroom.query import PhysicalTable, Query
from mushroom.warehouse.bigquery import BigQueryWarehouse
tree = parse_query("SELECT x FROM t ORDER BY x")
BigQueryWarehouse(sys.argv[1]).run(Query(tree=tree, relations={"t": PhysicalTable(name="t")}))
"""


@pytest.fixture
def shop(fill, tap, url: str) -> str:
    fill(url, {"t": ROWS})
    tap.calls.clear()
    return url


def jobs_of(url: str) -> list[Any]:
    found = BigQueryWarehouse(url).client.list_jobs()
    return [job for job in found if job.job_id.startswith("mushroom-")]


def killed_client(url: str, tap: Any, number: signal.Signals) -> subprocess.Popen[bytes]:
    """A client that gets a signal after the emulator has its query, and before it has the reply."""
    is_there, may_go = threading.Event(), threading.Event()

    def hold(call: Any) -> None:
        if call.is_insert:
            is_there.set()
            may_go.wait(60)

    tap.after = hold
    client = subprocess.Popen([sys.executable, "-c", CLIENT, url], stderr=subprocess.PIPE)
    assert is_there.wait(60)
    os.kill(client.pid, number)
    if number == signal.SIGKILL:
        client.wait(60)
    may_go.set()
    client.wait(60)
    tap.after = lambda _: None
    return client


def test_a_killed_client_s_job_is_adopted(shop: str, tap) -> None:
    client = killed_client(shop, tap, signal.SIGKILL)
    client.stderr.close()
    assert client.returncode == -signal.SIGKILL
    [before] = jobs_of(shop)
    assert BigQueryWarehouse(shop).run(QUERY)["x"].to_pylist() == [1, 2, 3]
    [after] = jobs_of(shop)
    assert (after.job_id, after.created) == (before.job_id, before.created)
    assert len(tap.inserts) == 1


def test_ctrl_c_cancels_the_job(shop: str, tap) -> None:
    client = killed_client(shop, tap, signal.SIGINT)
    assert b"KeyboardInterrupt" in client.stderr.read()
    client.stderr.close()
    [insert] = tap.inserts
    name = insert.body["jobReference"]["jobId"]
    assert [call.path.partition("?")[0] for call in tap.calls if "/cancel" in call.path] == [
        f"/bigquery/v2/projects/{BigQueryWarehouse(shop).address.project}/jobs/{name}/cancel"
    ]


def test_changed_data_or_query_is_another_job(shop: str, fill, tap) -> None:
    warehouse = BigQueryWarehouse(shop)
    warehouse.run(QUERY)
    warehouse.run(QUERY)
    assert len(tap.inserts) == 1
    fill(shop, {"t": ROWS.slice(0, 1)})
    assert BigQueryWarehouse(shop).run(QUERY)["x"].to_pylist() == [3]
    warehouse.run(Query(tree=parse_query("SELECT x FROM t"), relations=QUERY.relations))
    assert len(tap.inserts) == 3


def test_a_conflict_is_adopted(shop: str, tap) -> None:
    """Two processes submit at once: neither saw the other's job, and one is refused."""

    def refuse(call: Any) -> None:
        if call.is_insert:
            call.refuse(409, "duplicate", "Already Exists: Job")

    tap.after = refuse
    assert BigQueryWarehouse(shop).run(QUERY)["x"].to_pylist() == [1, 2, 3]
    assert len(tap.inserts) == 1


def test_every_job_is_marked(shop: str, tap) -> None:
    labels = {"case": "Who buys?", "method": "EventWindows", "commit": "0a1b2c"}
    BigQueryWarehouse(shop, labels=labels).run(QUERY)
    wanted = {"case": "who_buys_", "method": "eventwindows", "commit": "0a1b2c"}
    asked = [call.configuration["labels"] for call in tap.calls if "query" in call.configuration]
    assert asked == [wanted, wanted]


def estimate(size: int) -> Any:
    def after(call: Any) -> None:
        if call.configuration.get("dryRun"):
            reply = json.loads(call.reply)
            reply["statistics"]["query"]["totalBytesProcessed"] = str(size)
            call.reply = json.dumps(reply).encode()

    return after


def test_a_query_beyond_the_limit_never_runs(shop: str, tap) -> None:
    tap.after = estimate(3 * 2**40)
    with pytest.raises(
        WarehouseError, match=r"reads t would read 3.0 TiB \(15.00 EUR\), more than"
    ):
        BigQueryWarehouse(f"{shop}?max_gib=10&price_per_tib=5&currency=EUR").run(QUERY)
    assert not tap.inserts


def test_the_limit_is_bigquery_s_too(shop: str, tap) -> None:
    BigQueryWarehouse(f"{shop}?max_gib=10").run(QUERY)
    [insert] = tap.inserts
    assert insert.configuration["query"]["maximumBytesBilled"] == str(10 * 2**30)


def test_a_run_s_processes_share_its_limit(shop: str, tap, tmp_path) -> None:
    tap.after = estimate(6 * 2**30)
    address = f"{shop}?run_max_gib=10"
    first = BigQueryWarehouse(address)
    moment = first.moment(first.snapshot(["t"]))
    BigQueryWarehouse(address, moment=moment, cache=tmp_path).run(QUERY)
    again = BigQueryWarehouse(address, moment=moment, cache=tmp_path)
    assert again.run(QUERY).num_rows == 3  # adopted: it is paid for
    other = Query(tree=parse_query("SELECT MAX(x) AS x FROM t"), relations=QUERY.relations)
    with pytest.raises(WarehouseError, match=r"6.0 GiB .* of the queries before it, .* 10.0 GiB"):
        again.run(other)
    later = BigQueryWarehouse(address, moment=first.moment(first.snapshot(["t"])), cache=tmp_path)
    assert later.run(other)["x"].to_pylist() == [3]


def test_only_what_may_pass_is_tried_again(shop: str, tap) -> None:
    refused = iter([503, 503])
    tap.before = lambda call: next(refused, None) if call.is_insert else None
    assert BigQueryWarehouse(shop).run(QUERY).num_rows == 3
    assert len(tap.inserts) == 3
    tap.calls.clear()
    wrong = Query(tree=parse_query("SELECT nope FROM t"), relations=QUERY.relations)
    with pytest.raises(WarehouseError, match=r"A query that reads t failed: .*nope"):
        BigQueryWarehouse(shop).run(wrong)
    assert len([call for call in tap.calls if "query" in call.configuration]) == 1


@pytest.mark.parametrize(
    ("hours", "fault", "submissions"),
    [
        (19, None, 1),  # BigQuery keeps a result for about a day
        (21, None, 2),
        (0, {"reason": "stopped", "message": "Job execution was cancelled"}, 2),
    ],
)
def test_a_job_whose_answer_is_gone_is_not_adopted(
    shop: str, tap, hours: int, fault: dict[str, str] | None, submissions: int
) -> None:
    """jobs.get: statistics.endTime and status.errorResult."""
    BigQueryWarehouse(shop).run(QUERY)

    def tell(call: Any) -> None:
        path = call.path.partition("?")[0]
        if call.method == "GET" and "/jobs/" in path and path.endswith("-0"):
            reply = json.loads(call.reply)
            ended = datetime.now(UTC) - timedelta(hours=hours)
            reply["statistics"]["endTime"] = str(int(ended.timestamp() * 1000))
            reply["status"] |= {"errorResult": fault} if fault else {}
            call.reply = json.dumps(reply).encode()

    tap.after = tell
    assert BigQueryWarehouse(shop).run(QUERY)["x"].to_pylist() == [1, 2, 3]
    names = [call.body["jobReference"]["jobId"] for call in tap.inserts]
    assert [name[-2:] for name in names] == ["-0", "-1"][:submissions]


@pytest.mark.parametrize(("reason", "times"), [("resourcesExceeded", 1), ("backendError", 3)])
def test_a_job_that_fails_is_submitted_again_where_that_may_help(
    shop: str, tap, reason: str, times: int
) -> None:
    """Job.status.errorResult, as the public reference has it; each submission is paid for."""

    def fail(call: Any) -> None:
        if call.is_insert:
            reply = json.loads(call.reply)
            fault = {"reason": reason, "message": "It needed too much."}
            reply["status"] = {"state": "DONE", "errorResult": fault, "errors": [fault]}
            call.reply = json.dumps(reply).encode()

    tap.after = fail
    with pytest.raises(WarehouseError, match=r"A query that reads t failed: .*It needed too much"):
        BigQueryWarehouse(shop).run(QUERY)
    assert len(tap.inserts) == times


@pytest.mark.parametrize(("option", "place"), [("", "europe-west3"), ("?location=US", "US")])
def test_jobs_run_where_the_dataset_lies(shop: str, tap, option: str, place: str) -> None:
    """datasets.get tells the location; the URL overrules it."""

    def elsewhere(call: Any) -> None:
        if call.path.partition("?")[0].endswith("/datasets/shop"):
            reply = {**json.loads(call.reply), "location": "europe-west3"}
            call.reply = json.dumps(reply).encode()

    tap.after = elsewhere
    assert BigQueryWarehouse(f"{shop}{option}").run(QUERY).num_rows == 3
    [insert] = tap.inserts
    assert insert.body["jobReference"]["location"] == place
    looks = [call.path for call in tap.calls if call.method == "GET" and "/jobs/" in call.path]
    assert looks
    assert all(f"location={place}" in path for path in looks)
