"""Labels of times before 1970, where numbers of seconds are negative, on both warehouses."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from gokart_store import run_task
from mushroom import LabelRows, Source, load_catalog, open_warehouse
from mushroom.warehouse import write_table

CATALOG = """\
timezone: Europe/Berlin
tables:
  labels: {kind: events, table: labels, entity: who, time: at}
"""
LABELS = {
    "table": "labels",
    "entity": "who",
    "as_of": "at",
    "data_until": "until",
    "horizon": "60d",
    "targets": {"famous": "famous"},
}
ZONED = pa.timestamp("us", tz="UTC")
BEFORE = datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
SECOND = timedelta(seconds=1)

Labels = Callable[[pa.Array, pa.Array], list[dict[str, Any]]]


@pytest.fixture(params=["duckdb", pytest.param("bigquery", marks=pytest.mark.emulator)])
def labels(request: pytest.FixtureRequest, tmp_path: Path) -> Labels:
    """The rows that `LabelRows` makes of times, by the columns `at` and `until` of its table."""
    (tmp_path / "catalog.yaml").write_text(CATALOG)
    if request.param == "duckdb":
        address = "duckdb:shop"
        (tmp_path / "shop").mkdir()
    else:
        address = request.getfixturevalue("url")
        request.getfixturevalue("fill")(address, {})

    def labels(at: pa.Array, until: pa.Array) -> list[dict[str, Any]]:
        who, famous = list(range(len(at))), [k % 2 for k in range(len(at))]
        rows = pa.table({"who": who, "at": at, "until": until, "famous": famous})
        warehouse = open_warehouse(address, root=tmp_path)
        write_table(warehouse, "labels", rows.to_batches(), schema=rows.schema)
        catalog = load_catalog(tmp_path / "catalog.yaml")
        source = Source.of(address, root=tmp_path, catalog=catalog, tables=["labels"])
        task = LabelRows(
            labels=LABELS, workspace_directory=str(tmp_path / "store"), **source.arguments()
        )
        run_task(task)
        found: list[dict[str, Any]] = task.result().table().to_pylist()
        return found

    return labels


def test_times_with_a_zone_keep_their_microseconds(labels: Labels) -> None:
    times = [BEFORE, BEFORE + timedelta(microseconds=1), datetime(1815, 12, 10, tzinfo=UTC)]
    found = labels(pa.array(times, ZONED), pa.array([at - SECOND for at in times], ZONED))
    assert [row["as_of"] for row in found] == times
    assert [row["data_until"] for row in found] == [at - SECOND for at in times]


def test_times_without_a_zone_are_read_by_the_clocks_of_then(labels: Labels) -> None:
    """Berlin's clocks were an hour ahead in 1969, and 53:28 minutes in 1815."""
    wall = [datetime(1969, 12, 31, 12), datetime(1815, 12, 10, 12)]
    found = labels(pa.array(wall, pa.timestamp("us")), pa.array(wall, pa.timestamp("us")))
    utc = [
        datetime(1969, 12, 31, 11, tzinfo=UTC),
        datetime(1815, 12, 10, 11, 6, 32, tzinfo=UTC),
    ]
    assert [row["as_of"] for row in found] == utc
    assert [row["data_until"] for row in found] == utc


def test_dates_begin_at_midnight_by_the_clocks_of_then(labels: Labels) -> None:
    """On 1 April 1893 Berlin's clocks went on by 6:32 minutes at midnight, which they skipped."""
    days = [date(1969, 12, 31), date(1893, 4, 1), date(1815, 12, 10)]
    found = labels(pa.array(days), pa.array(days))
    assert [row["as_of"] for row in found] == [
        datetime(1969, 12, 30, 23, tzinfo=UTC),
        datetime(1893, 3, 31, 23, 6, 32, tzinfo=UTC),
        datetime(1815, 12, 9, 23, 6, 32, tzinfo=UTC),
    ]
