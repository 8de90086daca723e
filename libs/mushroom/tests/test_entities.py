from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mushroom.entities import entity_rows, shard_of, unique_rows
from mushroom.errors import EntityError

EARLY, LATE = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC)


def rows(**columns: list[Any]) -> pa.Table:
    return entity_rows(pa.table(columns), timezone="UTC", what="the table 'x'")


def test_keys_come_first_and_data_until_defaults_to_as_of() -> None:
    found = rows(y=[1], as_of=[EARLY], entity_id=[7])
    assert found.to_pylist() == [{"entity_id": 7, "as_of": EARLY, "data_until": EARLY, "y": 1}]


def test_ids_are_int64_or_string() -> None:
    narrow = pa.table({"entity_id": pa.array([7], pa.uint8()), "as_of": [EARLY]})
    assert entity_rows(narrow, timezone="UTC", what="x")["entity_id"].type == pa.int64()
    names = pa.table({"entity_id": pa.array(["a"]).dictionary_encode(), "as_of": [EARLY]})
    assert entity_rows(names, timezone="UTC", what="x")["entity_id"].type == pa.string()


def test_ids_of_other_types_are_refused() -> None:
    with pytest.raises(EntityError, match="id in the table 'x' must hold integers or strings, got"):
        rows(entity_id=[True], as_of=[EARLY])


def test_ids_with_a_gap_that_pandas_has_written_are_explained() -> None:
    with pytest.raises(EntityError, match="got double; pandas writes whole numbers so where some"):
        rows(entity_id=[1.0, None], as_of=[EARLY, EARLY])


@pytest.mark.parametrize("name", ["entity_id", "as_of", "data_until"])
def test_missing_keys_are_refused(name: str) -> None:
    columns = {"entity_id": [1, 2], "as_of": [EARLY, EARLY], "data_until": [EARLY, EARLY]}
    columns[name] = [columns[name][0], None]
    with pytest.raises(EntityError, match=f"for {name} in the table 'x' is empty in 1 of 2 rows"):
        rows(**columns)


def test_data_behind_as_of_is_refused() -> None:
    with pytest.raises(EntityError, match="In 1 rows of the table 'x' data_until lies after as_of"):
        rows(entity_id=[1], as_of=[EARLY], data_until=[LATE])


@pytest.mark.parametrize(("values", "says"), [([0, 1], "say y 0 and 1"), ([1, 1], "say the same")])
def test_two_rows_of_one_entity_and_time_are_refused(values: list[int], says: str) -> None:
    table = rows(entity_id=[1, 2, 1], as_of=[EARLY] * 3, y=[values[0], 0, values[1]])
    with pytest.raises(EntityError) as caught:
        unique_rows(table, what="X")
    assert str(caught.value) == (
        "X has 1 further rows for an entity and time that it has already, such as for entity 1 as "
        f"of 2024-01-01T00:00:00+00:00, where they {says}; keep one row of each."
    )


PAIRS = st.lists(
    st.tuples(st.integers(-3, 3), st.sampled_from([EARLY, LATE])),
    min_size=1,
    max_size=12,
    unique=True,
)


@given(PAIRS)
def test_rows_are_sorted_by_entity_and_time(pairs: list[tuple[int, datetime]]) -> None:
    table = rows(entity_id=[id_ for id_, _ in pairs], as_of=[time for _, time in pairs])
    found = unique_rows(table, what="X").to_pylist()
    assert [(row["entity_id"], row["as_of"]) for row in found] == sorted(pairs)


@given(st.integers(-(2**63), 2**63 - 1) | st.text(), st.integers(1, 1000))
def test_shards_are_numbered_from_zero(entity_id: int | str, shards: int) -> None:
    assert 0 <= shard_of(entity_id, shards) < shards
    assert shard_of(str(entity_id), shards) == shard_of(entity_id, shards)
