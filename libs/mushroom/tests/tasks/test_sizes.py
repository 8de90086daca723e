"""Sizes that are told beforehand are those that come out."""

from typing import Any

from gokart_store import StoredTask, run_task
from mushroom import (
    Population,
    Source,
    count_rows,
    count_table_rows,
    feature_tasks,
    feature_width,
    tables_read,
)
from mushroom.features.facts import FACTS

FEATURES = [{"name": "bought", "method": "event_windows", "table": "orders", "windows": ["90d"]}]


def test_rows_of_a_population_are_counted_without_running_it(arguments: dict[str, Any]) -> None:
    task = Population(table="orders", as_of="2025-01-01", shards=3, **arguments)
    found = count_rows(task)
    assert not task.complete()
    run_task(task)
    assert found == task.result().table().num_rows == 3


def test_a_feature_is_as_wide_as_its_query_says(arguments: dict[str, Any]) -> None:
    place = {"workspace_directory": arguments["workspace_directory"]}
    source = Source(**{name: value for name, value in arguments.items() if name not in place})
    population = Population(table="orders", as_of="2025-01-01", shards=1, **arguments)
    (described,) = feature_tasks(population, FEATURES, source)
    (again,) = feature_tasks(
        Population(table="orders", as_of="2025-02-01", shards=1, **arguments), FEATURES, source
    )
    tasks: list[StoredTask[Any]] = [population, described, again]
    width = feature_width(tasks)
    assert tables_read(described) == ["shop.orders"]
    assert count_table_rows(described) == {"shop.orders": 6}
    run_task(population)
    run_task(described)
    columns = described.result().table().column_names
    assert width == len(set(columns) - {"entity_id", "as_of", *FACTS}) > 1
