from datetime import UTC, datetime
from typing import Any

import pytest
from gokart_store import run_task
from mushroom import EntityError, LabelRows

LABELS = {
    "table": "labels",
    "entity": "customer",
    "as_of": "at",
    "horizon": "60d",
    "targets": {"bought": "bought"},
}


def test_rows_are_read_in_order_in_one_shard(arguments: dict[str, Any]) -> None:
    task = LabelRows(labels=LABELS, **arguments)
    run_task(task)
    dataset = task.result()
    assert dataset.num_shards == 1
    assert dataset.table().to_pylist() == [
        {"entity_id": entity, "as_of": time, "data_until": time, "bought": bought}
        for entity, time, bought in [
            (1, datetime(2024, 1, 2, 23, tzinfo=UTC), 0),
            (1, datetime(2024, 2, 2, 23, tzinfo=UTC), 1),
            (2, datetime(2024, 1, 2, 23, tzinfo=UTC), 1),
        ]
    ]


def test_a_table_may_stand_twice(arguments: dict[str, Any]) -> None:
    once = LabelRows(labels=LABELS, **arguments).rows()
    twice = LabelRows(labels={**LABELS, "table": ["labels", "labels"]}, **arguments).rows()
    assert twice.equals(once)


def test_the_id_covers_the_time_zone(arguments: dict[str, Any]) -> None:
    catalog = {**arguments["catalog"], "timezone": "UTC"}
    one = LabelRows(labels=LABELS, **arguments)
    two = LabelRows(labels=LABELS, **{**arguments, "catalog": catalog})
    assert one.make_unique_id() != two.make_unique_id()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"entity": "custmer"}, "'labels' has no column 'custmer' for entity_id; did you mean 'cu"),
        ({"targets": {"y": "x"}}, "no column 'x' for y; it has at, bought, customer"),
    ],
)
def test_missing_columns_are_refused(
    arguments: dict[str, Any], change: dict[str, Any], message: str
) -> None:
    task = LabelRows(labels={**LABELS, **change}, **arguments)
    with pytest.raises(EntityError, match=message):
        run_task(task)
    assert not task.complete()


def test_every_missing_column_is_a_fault_of_its_field(arguments: dict[str, Any]) -> None:
    change = {"entity": "who", "targets": {"y": "x", "bought": "bought"}}
    with pytest.raises(EntityError) as caught:
        LabelRows(labels={**LABELS, **change}, **arguments).rows()
    assert [fault.path for fault in caught.value.faults] == [("entity",), ("targets", "y")]
