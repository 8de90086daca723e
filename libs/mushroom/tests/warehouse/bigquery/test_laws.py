"""Both laws of point-in-time, over the wire: briefly what is tried on DuckDB at length."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from mushroom import open_warehouse
from mushroom.features import FEATURE_METHODS, feature_rows
from mushroom.features.learned import Fitting, LearnedMethod
from mushroom.features.learned.describe import learned_rows
from mushroom.query import Query
from mushroom.testing import World
from mushroom.testing.emulator import Emulator, fill_dataset
from mushroom.testing.emulator_gaps import around
from mushroom.testing.strategies import described_worlds
from mushroom.warehouse import Warehouse

pytestmark = pytest.mark.timeout(600)

OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "entity_attributes": {"table": "attributes"},
    "event_windows": {"table": "events", "windows": ["7d", "last3"]},
    "related": {"table": "events", "reference": "owner", "windows": ["7d", "all"]},
    "top_categories": {"table": "events", "windows": ["7d"], "values": 2},
    "item_embeddings": {"table": "events", "category": "item", "dimensions": 2},
    "text_embeddings": {"table": "attributes", "column": "plan", "dimensions": 2},
    "event_sequences": {"table": "events", "length": 3, "values": 2},
}
LAW = settings(
    max_examples=1,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
Open = Callable[[World], Warehouse]


@pytest.fixture(scope="module")
def filled(emulator: Emulator) -> Iterator[Open]:
    """Fills a dataset of its own with a world."""
    project, numbers = f"laws-{uuid4().hex[:12]}", count()

    def open_world(world: World) -> Warehouse:
        url = f"bigquery://{project}/world{next(numbers)}"
        fill_dataset(url, world.tables)
        return open_warehouse(url, root=Path())

    with pytest.MonkeyPatch.context() as environment:
        for variable, value in emulator.environment.items():
            environment.setenv(variable, value)
        yield open_world


def test_every_method_keeps_the_laws() -> None:
    assert set(OPTIONS) == set(FEATURE_METHODS)


def has_rows(described: tuple[World, pa.Table]) -> bool:
    tables = described[0].tables
    return len(tables["events"]) > 5 and len(tables["attributes"]) > 2


FULL = described_worlds().filter(has_rows)


@LAW
@given(FULL, FULL)
def test_no_later_row_changes_a_feature_or_what_was_learned(
    filled: Open, described: tuple[World, pa.Table], other: tuple[World, pa.Table]
) -> None:
    """Rows after `data_until` and `fit_until`, here one time, are removed, added, and changed."""
    world, entities = described
    until = entities["data_until"][0].as_py()
    warehouses = [filled(each) for each in (world, *world.futures(other[0], until))]
    for name in OPTIONS:
        assert_laws(name, world, entities.slice(0, 1), until, warehouses)


def assert_laws(
    name: str,
    world: World,
    entities: pa.Table,
    until: datetime,
    warehouses: Sequence[Warehouse],
) -> None:
    """What a method learns and finds is the same on all."""
    method = FEATURE_METHODS[name]
    parsed = method.parse(OPTIONS[name])

    def answers(query: Query) -> list[pa.Table]:
        asked = around(query)
        return [warehouse.run(asked) for warehouse in warehouses]

    if not isinstance(method, LearnedMethod):
        query = method.query(parsed, catalog=world.catalog, entities=entities)
        found = [feature_rows(rows, name="f", entities=entities) for rows in answers(query)]
    else:
        fit = method.fit_query(parsed, catalog=world.catalog, fitting=Fitting(until=until))
        state, *others = (method.fit(parsed, rows) for rows in answers(fit))
        assert all(other == state for other in others), name
        query = method.query(parsed, catalog=world.catalog, entities=entities, state=state)
        found = [
            learned_rows(method, parsed, rows, name="f", entities=entities, state=state)
            for rows in answers(query)
        ]
    assert all(rows == found[0] for rows in found[1:]), name
