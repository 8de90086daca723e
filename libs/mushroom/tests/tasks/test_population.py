from datetime import UTC, datetime
from typing import Any

import pytest
from gokart_store import CorruptEntryError, run_task
from mushroom import EntityError, Population
from mushroom.entities import shard_of

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


def test_a_shard_is_read_without_the_others(arguments: dict[str, Any]) -> None:
    task = Population(table="orders", as_of="2025-01-01", shards=4, **arguments)
    run_task(task)
    dataset = task.result()
    paths = [dataset.shard_path(shard) for shard in range(4)]
    rows = [dataset.shard(shard) for shard in range(4)]
    known = next(shard for shard in range(4) if len(rows[shard]))
    for shard, path in enumerate(paths):
        if shard != known:
            path.write_bytes(b"nobody looks at this")
    assert task.result().shard(known).equals(rows[known])
    with pytest.raises(CorruptEntryError):
        task.result().shard((known + 1) % 4)


def test_shards_are_written_once(arguments: dict[str, Any]) -> None:
    task = Population(table="orders", as_of="2025-01-01", shards=4, **arguments)
    run_task(task)
    before = [task.result().shard_path(shard).stat() for shard in range(4)]
    run_task(task)
    after = [task.result().shard_path(shard).stat() for shard in range(4)]
    assert [(s.st_ino, s.st_mtime_ns) for s in after] == [(s.st_ino, s.st_mtime_ns) for s in before]
