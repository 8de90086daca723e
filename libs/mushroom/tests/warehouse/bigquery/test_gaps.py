"""What the emulator cannot do, with what it answers, so that it is noticed when it can.

By cause: what it leaves out of tables' metadata, and of jobs'; the decorators of tables' names, for
a partition by its day and for the past; empty arrays of structs; Storage Reads of results. Each is
covered by a request or a reply in the shape of BigQuery's public REST reference. What its SQL does
otherwise (halves, decimals, time zones that are parameters, dates truncated, whole intervals) is in
`mushroom.testing.emulator_gaps`.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from google.api_core.exceptions import GoogleAPICallError, NotFound
from google.cloud.bigquery import (
    ArrayQueryParameter,
    Client,
    ExternalConfig,
    QueryJobConfig,
    ScalarQueryParameterType,
    StructQueryParameterType,
    Table,
    TableReference,
)
from mushroom import WarehouseError
from mushroom.googlesql import parse_query
from mushroom.query import PhysicalTable, Query
from mushroom.warehouse.bigquery import BigQueryWarehouse, write_table
from mushroom.warehouse.bigquery.results import stored_batches

ROWS = pa.table({"x": [1, 2], "day": [date(2026, 1, 2)] * 2})


@pytest.fixture
def warehouse(fill, url: str) -> BigQueryWarehouse:
    fill(url, {"t": ROWS})
    return BigQueryWarehouse(url)


def full(warehouse: BigQueryWarehouse, table: str) -> str:
    return str(warehouse.address.table(table))


def view(client: Client, warehouse: BigQueryWarehouse) -> Any:
    made = Table(full(warehouse, "v"))
    made.view_query = f"SELECT x FROM `{full(warehouse, 't')}`"  # noqa: S608
    client.create_table(made)
    return client.get_table(made).view_query


def external(client: Client, warehouse: BigQueryWarehouse) -> Any:
    made = Table(full(warehouse, "e"))
    made.external_data_configuration = ExternalConfig("PARQUET")
    client.create_table(made)
    found = client.get_table(made)
    return found.table_type, found.external_data_configuration


def streaming(client: Client, warehouse: BigQueryWarehouse) -> Any:
    client.insert_rows_json(full(warehouse, "t"), [{"x": 3}])
    return client.get_table(full(warehouse, "t")).streaming_buffer


def last_change(client: Client, warehouse: BigQueryWarehouse) -> Any:
    before = client.get_table(full(warehouse, "t")).modified
    write_table(warehouse, "t", ROWS.to_batches(), schema=ROWS.schema)
    return client.get_table(full(warehouse, "t")).modified != before


def expiry(client: Client, warehouse: BigQueryWarehouse) -> Any:
    made = Table(full(warehouse, "z"))
    made._properties["expirationTime"] = "4000000000000"
    return client.create_table(made).expires


def estimate(client: Client, warehouse: BigQueryWarehouse) -> Any:
    config = QueryJobConfig(dry_run=True)
    text = f"SELECT x FROM `{full(warehouse, 't')}`"  # noqa: S608
    return client.query(text, config).total_bytes_processed


def labels(client: Client, warehouse: BigQueryWarehouse) -> Any:
    job = client.query("SELECT 1", QueryJobConfig(labels={"case": "a"}))
    job.result()
    return client.get_job(job.job_id).labels


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (view, None),
        (external, ("TABLE", None)),
        (streaming, None),
        (last_change, False),
        (expiry, None),
        (estimate, 0),
        (labels, {}),
    ],
)
def test_what_it_leaves_out(
    warehouse: BigQueryWarehouse, ask: Callable[[Client, BigQueryWarehouse], Any], answer: Any
) -> None:
    assert ask(warehouse.client, warehouse) == answer


def test_no_partition_by_its_day(warehouse: BigQueryWarehouse) -> None:
    with pytest.raises(WarehouseError, match=r"Invalid table id for SQL: 'p\$20260102'"):
        write_table(
            warehouse,
            "p",
            ROWS.to_batches(),
            schema=ROWS.schema,
            partition=("day", date(2026, 1, 2)),
        )


def test_no_copy_of_the_past(warehouse: BigQueryWarehouse) -> None:
    past = f"{full(warehouse, 't')}@1795679623458"
    with pytest.raises(NotFound, match=r"Not found: table:.*t@1795679623458"):
        warehouse.client.copy_table(past, full(warehouse, "u")).result()


def test_no_empty_array_of_structs(warehouse: BigQueryWarehouse) -> None:
    kind = StructQueryParameterType(ScalarQueryParameterType("INT64", name="x"))
    empty = ArrayQueryParameter("rows", kind, [])
    config = QueryJobConfig(query_parameters=[empty])
    with pytest.raises(GoogleAPICallError, match="Cannot extract field 'x' from expression"):
        warehouse.client.query("SELECT r.x FROM UNNEST(@rows) AS r", config).result()


def test_no_storage_read_of_a_query_s_result(warehouse: BigQueryWarehouse) -> None:
    job = warehouse.client.query("SELECT 1 AS x")
    job.result()
    destination: TableReference = job.destination
    with pytest.raises(NotFound, match=r'schema .*_bqemu_anonymous" does not exist'):
        warehouse.connection.storage.create_read_session(
            parent=f"projects/{warehouse.address.project}",
            read_session={
                "table": f"projects/{destination.project}/datasets/{destination.dataset_id}"
                f"/tables/{destination.table_id}",
                "data_format": "ARROW",
            },
        )
    assert stored_batches(warehouse.connection, destination) is None


def test_a_partition_is_asked_for_in_the_shape_of_the_reference(fill, tap, url: str) -> None:
    """jobs.insert: JobConfigurationLoad, sent as the first request of a resumable upload."""
    fill(url, {})
    with pytest.raises(WarehouseError, match="Loading rows into"):
        write_table(
            BigQueryWarehouse(url, labels={"case": "a"}),
            "p",
            ROWS.to_batches(),
            schema=ROWS.schema,
            partition=("day", date(2026, 1, 2)),
        )
    [made] = [call for call in tap.calls if isinstance(call.body, dict) and "schema" in call.body]
    assert made.body["timePartitioning"] == {"type": "DAY", "field": "day"}
    [sent] = [call for call in tap.calls if call.path.startswith("/upload/")]
    load = sent.configuration["load"]
    assert load["destinationTable"]["tableId"] == "p$20260102"
    assert load["writeDisposition"] == "WRITE_TRUNCATE"
    assert load["sourceFormat"] == "PARQUET"
    assert sent.configuration["labels"] == {"case": "a"}


def test_a_failed_job_is_understood_in_the_shape_of_the_reference(fill, tap, url: str) -> None:
    """Job.status.errorResult: a backend's error is submitted again, under the next id."""
    fill(url, {"t": ROWS})
    failed = []

    def fail_once(call: Any) -> None:
        if call.is_insert and not failed:
            failed.append(call.body["jobReference"]["jobId"])
        if call.is_insert and len(tap.inserts) == 1:
            reply = json.loads(call.reply)
            fault = {"reason": "backendError", "message": "Error encountered. Retry may help."}
            reply["status"] = {"state": "DONE", "errorResult": fault, "errors": [fault]}
            call.reply = json.dumps(reply).encode()

    tap.after = fail_once
    query = Query(tree=parse_query("SELECT x FROM t"), relations={"t": PhysicalTable(name="t")})
    assert BigQueryWarehouse(url).run(query).num_rows == 2
    first, second = (call.body["jobReference"]["jobId"] for call in tap.inserts)
    assert (first[-2:], second[-2:]) == ("-0", "-1")
    assert first[:-2] == second[:-2]
