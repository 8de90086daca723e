from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from gokart_store import run_task
from mushroom import Catalog, EntityError, EntityRows, Source
from mushroom.entities import shard_of

ROWS = {"table": "asked", "entity": "customer", "as_of": "at"}
DAYS = [date(2024, 2, 1), date(2024, 1, 3), date(2024, 1, 3), date(2024, 1, 4)]


@pytest.fixture
def ask(shop: Path, catalog: Catalog, tmp_path: Path) -> Any:
    """A task for rows that stand in the table `asked`."""

    def ask(columns: dict[str, Any], shards: int = 3, **rows: Any) -> EntityRows:
        pq.write_table(pa.table(columns), shop / "asked.parquet")
        source = Source.of("duckdb:shop", root=shop.parent, catalog=catalog, tables=["asked"])
        arguments = {**source.arguments(), "workspace_directory": str(tmp_path / "store")}
        return EntityRows(rows={**ROWS, **rows}, shards=shards, **arguments)

    return ask


def test_each_row_has_its_own_time_in_the_shard_of_its_entity(ask: Any) -> None:
    task = ask({"customer": [1, 1, 2, 3], "at": DAYS})
    run_task(task)
    rows = [(1, 2024, 1, 3), (1, 2024, 2, 1), (2, 2024, 1, 3), (3, 2024, 1, 4)]
    midnights = {row: datetime(*row[1:], tzinfo=UTC).replace(hour=0) for row in rows}
    for shard in range(3):
        found = task.result().shard(shard).to_pylist()
        assert [each["entity_id"] for each in found] == [
            row[0] for row in midnights if shard_of(row[0], 3) == shard
        ]
        assert all(each["data_until"] == each["as_of"] for each in found)
    # Dates are midnights in the catalogue's Berlin.
    times = task.result().table().sort_by("as_of")["as_of"].to_pylist()
    assert times[0] == datetime(2024, 1, 2, 23, tzinfo=UTC)


def test_data_may_end_before_the_time(ask: Any) -> None:
    columns = {"customer": ["b", "a"], "at": DAYS[:2], "until": [date(2024, 1, 1)] * 2}
    task = ask(columns, shards=1, data_until="until")
    run_task(task)
    table = task.result().table()
    assert table["entity_id"].to_pylist() == ["a", "b"]
    assert set(table["data_until"].to_pylist()) == {datetime(2023, 12, 31, 23, tzinfo=UTC)}


def test_rows_and_shards_are_part_of_the_identity(ask: Any) -> None:
    columns = {"customer": [1], "at": DAYS[:1], "then": DAYS[:1]}
    tasks = [ask(columns), ask(columns, as_of="then"), ask(columns, shards=4)]
    assert len({task.make_unique_id() for task in tasks}) == 3
    assert ask({**columns, "customer": [2]}).make_unique_id() not in {
        task.make_unique_id() for task in tasks
    }


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"customer": [1], "when": DAYS[:1]},
            r"'asked' has no column 'at' for as_of; it has customer, when",
        ),
        ({"customer": [], "at": []}, "There are no rows in the table 'asked'"),
        ({"customer": [1, None], "at": DAYS[:2]}, "entity_id in the table 'asked' is empty in 1"),
        ({"customer": [1, 2], "at": [None, DAYS[0]]}, "as_of in the table 'asked' is empty in 1"),
        ({"customer": [1.5], "at": DAYS[:1]}, "must hold integers or strings, got double"),
        ({"customer": [1, 1], "at": [DAYS[0]] * 2}, "has 1 further rows for an entity and time"),
        ({"customer": [1], "at": ["soon"]}, "as_of in the table 'asked'"),
    ],
)
def test_unusable_rows_are_refused(ask: Any, columns: dict[str, Any], message: str) -> None:
    kinds = {"customer": pa.int64(), "at": pa.date32()}
    arrays = {name: values or pa.array(values, kinds[name]) for name, values in columns.items()}
    with pytest.raises(EntityError, match=message):
        run_task(ask(arrays, shards=1))


def test_late_data_is_refused(ask: Any) -> None:
    columns = {"customer": [1], "at": [date(2024, 1, 1)], "until": [date(2024, 1, 2)]}
    with pytest.raises(EntityError, match="data_until lies after as_of"):
        run_task(ask(columns, data_until="until"))


def test_options_are_checked(ask: Any) -> None:
    task = ask({"customer": [1], "at": DAYS[:1]}, time="at")
    with pytest.raises(EntityError, match=r"`rows\.time`: Extra inputs are not permitted"):
        run_task(task)
