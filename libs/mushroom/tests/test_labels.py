from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from mushroom.errors import EntityError
from mushroom.labels import labelled_rows, parse_labels

TIME = datetime(2024, 1, 1, tzinfo=UTC)
BASE = {"table": "t", "entity": "id", "as_of": "at", "horizon": "60d", "targets": {"y": "bought"}}


def rows(*columns: list[Any] | pa.Array, kind: str = "binary") -> pa.Table:
    """Labelled rows from the values of the target in one or several tables."""
    options = parse_labels({**BASE, "targets": {"y": {"column": "bought", "kind": kind}}})
    tables = {}
    first = 0
    for number, values in enumerate(columns):
        ids = list(range(first, first + len(values)))
        times = pa.array([TIME] * len(ids), pa.timestamp("us", tz="UTC"))
        tables[f"t{number}"] = pa.table(
            {"entity_id": pa.array(ids, pa.int64()), "as_of": times, "y": values}
        )
        first += len(ids)
    return labelled_rows(tables, options, timezone="UTC")


def test_options_name_columns_and_seconds() -> None:
    options = parse_labels(BASE)
    assert options.table == ("t",)
    assert options.horizon_s == 60 * 86_400
    assert options.columns == {"entity_id": "id", "as_of": "at", "y": "bought"}
    assert options.targets["y"].kind == "binary"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"horizon": "sixty days"}, r"`labels.horizon`: .*'sixty days' is not a length of time"),
        ({"targets": {}}, r"`labels.targets`: .* at least 1 item"),
        ({"targets": {"as_of": "x"}}, r"`labels.targets`: .*the name 'as_of' is reserved"),
        ({"targets": {"y": {"column": "x", "kind": "odd"}}}, r"`labels.targets.y.kind`: .*'odd'"),
        ({"tabel": "x"}, r"`labels.tabel`: Extra inputs are not permitted; got 'x'"),
        ({"table": []}, r"`labels.table`: .* at least 1 item"),
    ],
)
def test_options_that_do_not_fit_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(EntityError, match=message):
        parse_labels({**BASE, **change})


@pytest.mark.parametrize("values", [[0, 1], [False, True], [0.0, 1.0], pa.array([0, 1], pa.int8())])
def test_binary_targets_become_integers(values: list[Any] | pa.Array) -> None:
    found = rows(values)
    assert found["y"].type == pa.int64()
    assert found["y"].to_pylist() == [0, 1]


def test_several_tables_are_one() -> None:
    assert rows([0, 1], [1])["y"].to_pylist() == [0, 1, 1]


def test_regression_targets_become_floats() -> None:
    assert rows([1, 2], kind="regression")["y"].to_pylist() == [1.0, 2.0]


def two_targets(bought: list[Any], spent: list[Any]) -> pa.Table:
    targets = {"y": {"column": "bought"}, "z": {"column": "spent", "kind": "regression"}}
    ids = pa.array(range(len(bought)), pa.int64())
    times = pa.array([TIME] * len(bought), pa.timestamp("us", tz="UTC"))
    table = pa.table({"entity_id": ids, "as_of": times, "y": bought, "z": spent})
    return labelled_rows({"t": table}, parse_labels({**BASE, "targets": targets}), timezone="UTC")


def test_a_row_needs_a_label_of_one_target_only() -> None:
    found = two_targets([0, None, 1], [None, 2.5, 3])
    assert found["y"].to_pylist() == [0, None, 1]
    assert found["z"].to_pylist() == [None, 2.5, 3.0]


@pytest.mark.parametrize(
    ("bought", "spent", "message"),
    [
        ([0, None, 1], [1, None, 2], "`bought`, `spent` in .* are all empty in 1 of 3 rows; leave"),
        (pa.nulls(2, pa.int64()), [1, 2], "The target 'y' has no label in any of the 2 rows"),
        ([1, None, 1], [1, 2, 3], "The target 'y' is 1 in all 2 rows"),
    ],
)
def test_too_few_labels_of_several_targets_are_refused(
    bought: Any, spent: list[Any], message: str
) -> None:
    with pytest.raises(EntityError, match=message):
        two_targets(bought, spent)


@pytest.mark.parametrize("values", [["a", "b"], [3, 4]])
def test_classes_keep_their_values(values: list[Any]) -> None:
    assert rows(values, kind="multiclass")["y"].to_pylist() == values


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ([0, 2], "binary", "must hold 0 and 1 or false and true, got 2 among others"),
        (["yes", "no"], "binary", "must hold 0 and 1 or false and true, got 'no'"),
        ([0, None], "binary", "`bought` in the labels' table 't0' is empty in 1 of 2 rows"),
        ([1, 1], "binary", "target 'y' is 1 in all 2 rows; a model needs rows of at least two"),
        (["a", "a"], "multiclass", "target 'y' is 'a' in all 2 rows"),
        ([0.5, 1.5], "multiclass", "must hold integers or strings, got double"),
        ([0.5, float("nan")], "regression", "holds a NaN or an infinite number"),
        ([2.5, 2.5], "regression", "is 2.5 in all 2 rows; a model needs rows of at least two valu"),
        ([None, 2.5], "regression", "`bought` in the labels' table 't0' is empty in 1 of 2 rows"),
        (["a", "b"], "regression", "must hold numbers, got string"),
        (pa.array([], pa.int64()), "binary", "table 't0' holds no rows; there is nothing to"),
    ],
)
def test_unusable_targets_are_refused(
    values: list[Any] | pa.Array, kind: str, message: str
) -> None:
    with pytest.raises(EntityError, match=message):
        rows(values, kind=kind)


def test_tables_of_different_types_are_refused() -> None:
    with pytest.raises(EntityError, match="tables 't0', 't1' cannot be read as one"):
        rows([1, 2], ["a", "b"], kind="multiclass")


def weighted(weights: list[Any] | pa.Array) -> pa.Table:
    options = parse_labels({**BASE, "weight": "w"})
    count = len(weights)
    times = pa.array([TIME] * count, pa.timestamp("us", tz="UTC"))
    columns = {"entity_id": list(range(count)), "as_of": times, "row_weight": weights}
    table = pa.table({**columns, "y": [0, 1] * (count // 2)})
    return labelled_rows({"t": table}, options, timezone="UTC")


def test_weights_are_read_as_numbers_and_rows_of_none_left_out() -> None:
    assert parse_labels({**BASE, "weight": "w"}).columns["row_weight"] == "w"
    found = weighted(pa.array([1, 2, 0, 3]))
    assert found["row_weight"].to_pylist() == [1.0, 2.0, 3.0]
    assert found["entity_id"].to_pylist() == [0, 1, 3]


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0, -2.0], r"`w` in the labels' table 't' holds -2.0 in the first of 1 .* at least 0"),
        ([1.0, float("nan")], "holds nan in the first of 1 rows"),
        ([1.0, float("inf")], "holds inf in the first of 1 rows"),
        ([1.0, None], "`w` in the labels' table 't' is empty in 1 of 2 rows"),
        (["a", "b"], "must hold numbers, got string"),
        ([0.0, 0.0], "holds no rows with a weight above 0"),
    ],
)
def test_weights_that_no_fit_can_count_by_are_refused(weights: list[Any], message: str) -> None:
    with pytest.raises(EntityError, match=message):
        weighted(weights)
