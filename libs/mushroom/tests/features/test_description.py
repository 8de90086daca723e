"""What is told of stored features, on rows that can be counted by eye."""

from pathlib import Path
from typing import Any

import luigi
import pyarrow as pa
import pytest
from gokart_store import DatasetFormat, ShardedDataset, StoredTask, run_task
from mushroom import DescribeFeatures

NO_ROWS = {"entity_id": pa.array([], pa.int64())}


class Given(StoredTask[ShardedDataset]):
    """Tables that a test has stored."""

    format = DatasetFormat()
    name = luigi.Parameter()


def stored(folder: Path, name: str, *shards: dict[str, Any]) -> Given:
    task = Given(name=name, workspace_directory=str(folder))
    task.dump([pa.table(shard) for shard in shards])
    return task


def part(folder: Path, name: str, *shards: tuple[list[bool], list[int]]) -> Given:
    tables = [
        {"fact:known": pa.array(known, pa.bool_()), "fact:not_finite": pa.array(odd, pa.int64())}
        for known, odd in shards
    ]
    return stored(folder, name, *tables)


def describe(folder: Path, features: Given, *parts: Given) -> dict[str, Any]:
    task = DescribeFeatures(features=features, parts=parts, workspace_directory=str(folder))
    run_task(task)
    return task.result()


def columns(folder: Path, *shards: dict[str, Any]) -> tuple[list[str], list[str]]:
    found = describe(folder, stored(folder, "table", *shards))
    return found["constant_columns"], found["missing_columns"]


def test_rows_and_values_are_counted_over_all_shards(tmp_path: Path) -> None:
    ids = [{"entity_id": [1, 2]}, NO_ROWS, {"entity_id": [3]}]
    features = stored(tmp_path, "table", *ids)
    orders = part(tmp_path, "orders", ([True, False], [2, 0]), ([], []), ([False], [0]))
    visits = part(tmp_path, "visits", ([False, False], [0, 0]), ([], []), ([True], [5]))

    found = describe(tmp_path, features, orders, visits)

    assert found == {
        "rows": 3,
        "unknown_rows": 1,
        "features": {
            "orders": {"unknown_rows": 2, "not_finite": 2},
            "visits": {"unknown_rows": 2, "not_finite": 5},
        },
        "constant_columns": [],
        "missing_columns": [],
    }


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([1.5, 1.5], [1.5], "constant"),
        ([1.5, 1.5], [2.5], "neither"),
        ([1.5, None], [1.5], "neither"),
        ([0.0, -0.0], [0.0], "constant"),
        ([None, None], [None], "missing"),
        ([None, None], [1.0], "neither"),
        (["x", "x"], ["x"], "constant"),
        (["x", "x"], ["y"], "neither"),
        # Parquet keeps no statistics of such long texts.
        (["x" * 9000, "x" * 9000], ["x" * 9000], "constant"),
        (["x" * 9000, "x" * 9000], ["x" * 9000 + "y"], "neither"),
    ],
)
def test_a_column_is_constant_or_missing_over_all_shards(
    tmp_path: Path, first: list[Any], second: list[Any], expected: str
) -> None:
    kind = pa.float64() if {type(x) for x in first + second} - {str} - {type(None)} else pa.string()
    shards = [{"f.x [y].z": pa.array(values, kind)} for values in (first, [], second)]
    constant, missing = columns(tmp_path, *shards)
    assert constant == ["f.x [y].z"] * (expected == "constant")
    assert missing == ["f.x [y].z"] * (expected == "missing")


def test_one_row_has_no_constant_columns(tmp_path: Path) -> None:
    assert columns(tmp_path, {"f.x": [1], "f.y": pa.array([None], pa.string())}) == ([], ["f.y"])
