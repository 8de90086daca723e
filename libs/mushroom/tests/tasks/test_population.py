from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from gokart_store import run_task
from hypothesis import given
from hypothesis import strategies as st
from mushroom import EntityError, Population
from mushroom.entities import shard_of
from mushroom.tasks.population import split_shards

NEW_YEAR = datetime(2024, 12, 31, 23, tzinfo=UTC)


def test_every_shard_has_its_entities(arguments: dict[str, Any]) -> None:
    task = Population(table="orders", as_of="2025-01-01", shards=3, **arguments)
    run_task(task)
    dataset = task.result()
    assert dataset.num_shards == 3
    for shard in range(3):
        assert dataset.shard(shard).to_pylist() == [
            {"entity_id": entity, "as_of": NEW_YEAR, "data_until": NEW_YEAR}
            for entity in (1, 2, 3)
            if shard_of(entity, 3) == shard
        ]


def test_data_until_chooses_the_entities(arguments: dict[str, Any]) -> None:
    task = Population(
        table="orders", as_of="2025-01-01", data_until="2024-01-02", shards=1, **arguments
    )
    run_task(task)
    assert task.result().table().to_pylist() == [
        {"entity_id": 1, "as_of": NEW_YEAR, "data_until": datetime(2024, 1, 1, 23, tzinfo=UTC)}
    ]


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ({"as_of": "soon"}, "'soon' is not a date or time"),
        (
            {"as_of": "2024-01-01", "data_until": "2024-01-02"},
            r"data_until, 2024-01-01T23:00:00\+00:00, lies after its as_of, 2023-12-31T23:00:00",
        ),
        ({"as_of": "2000-01-01"}, "population is empty: no entity was known by its data_until"),
    ],
)
def test_unusable_times_are_refused(
    arguments: dict[str, Any], times: dict[str, str], message: str
) -> None:
    with pytest.raises(EntityError, match=message):
        run_task(Population(table="orders", shards=2, **times, **arguments))


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30).map(sorted), st.integers(1, 7))
def test_shards_are_cut_whatever_the_batches(shards: list[int], batch_rows: int) -> None:
    table = pa.table(
        {"entity_id": pa.array(range(len(shards)), pa.int64()), "shard": pa.array(shards)}
    )
    found = list(split_shards(table.to_batches(max_chunksize=batch_rows), 6))
    assert [ids.to_pylist() for ids in found] == [
        [entity for entity, shard in enumerate(shards) if shard == wanted] for wanted in range(6)
    ]
    assert {ids.type for ids in found} == {pa.int64()}
