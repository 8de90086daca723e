"""The emulator's gaps, with its answers, and the shapes of the public reference that stand in."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from mushroom import WarehouseError, open_warehouse
from mushroom.googlesql import parse_query
from mushroom.query import PhysicalTable, Query
from mushroom.testing.emulator_gaps import DEVIATIONS, GAPS, Gap
from mushroom.testing.emulator_gaps.requests import REQUESTS, ROWS, answer
from mushroom.testing.function_cases import function_cases
from mushroom.testing.function_contract import answer_of
from mushroom.warehouse import write_table
from mushroom.warehouse.bigquery import BigQueryWarehouse

COVERED = {
    "tables' metadata": (
        "test_snapshots.py::test_a_planned_run_reads_the_past",
        "test_snapshots.py::test_what_cannot_tell_its_state_needs_a_declared_one",
        "test_snapshots.py::test_a_view_is_read_from_its_base_tables",
        "test_rows.py::test_large_local_rows_are_a_table_for_one_query",
    ),
    "jobs' metadata": (
        "test_jobs.py::test_every_job_is_marked",
        "test_jobs.py::test_a_query_beyond_the_limit_never_runs",
    ),
    "load jobs": (
        "test_additions.py::test_the_job_has_the_shape_of_the_reference",
        "test_additions.py::test_a_client_that_is_killed_adds_once",
        "test_additions.py::test_a_table_s_columns_are_replaced_in_the_shape_of_the_reference",
    ),
    "permissions and limits": (
        "test_refusals.py::test_a_refusal_names_the_role",
        "test_jobs.py::test_the_limit_is_bigquery_s_too",
    ),
    "decorators of tables' names": (
        "test_gaps.py::test_a_partition_is_asked_for_in_the_shape_of_the_reference",
        "test_kept.py::test_the_copy_has_the_shape_of_the_reference",
    ),
    "empty arrays of structs": (
        "test_rows.py::test_few_local_rows_are_a_parameter_and_none_are_no_parameter",
    ),
    "Storage Reads of results, and from an offset": (
        "test_broken_reads.py::test_a_stream_that_breaks_off_goes_on_where_it_was",
        "test_rows.py::test_pages_of_the_rest_api_are_a_fallback",
    ),
    **dict.fromkeys(
        (gap.name for gap in GAPS if gap.expressions),
        ("test_functions.py::test_what_is_asked_otherwise_is_answered_as_googlesql_says",),
    ),
}
"""By gap, the tests of the requests and replies, or of the queries, that stand in for it."""


def test_the_gaps_are_few_and_each_is_covered() -> None:
    assert len(GAPS) <= 10
    assert {gap.name for gap in GAPS} == set(COVERED)
    for test in {test for tests in COVERED.values() for test in tests}:
        file, _, name = test.partition("::")
        assert f"def {name}(" in Path(__file__).with_name(file).read_text("utf-8"), test


def test_each_question_is_asked_once() -> None:
    asked = [request for gap in GAPS for request in gap.requests]
    assert sorted(asked) == sorted(REQUESTS)
    assert set(DEVIATIONS) <= {case.expression for case in function_cases()}


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.name)
def test_the_emulator_still_answers_so(fill, url: str, gap: Gap) -> None:
    """Where it has caught up, the entry goes."""
    fill(url, {})
    found = {}
    for request in gap.requests:
        fill(url, {"t": ROWS})
        found[request] = answer(request, BigQueryWarehouse(url))
    assert found == gap.requests
    warehouse = open_warehouse(url, root=Path())
    cases = [case for case in function_cases() if case.expression in gap.expressions]
    assert {case.expression: answer_of(warehouse, case) for case in cases} == gap.expressions
    assert all(case.answer != gap.expressions[case.expression] for case in cases)


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
    [sent] = [call for call in tap.calls if call.is_upload]
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
