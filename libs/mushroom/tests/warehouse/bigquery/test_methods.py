"""The population and the latest event are the same on both warehouses, as `tests/methods` are."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from mushroom import latest_event, open_warehouse
from mushroom.population import population_query
from mushroom.testing import World
from mushroom.warehouse import Warehouse

WORLD = World.random(users=50, rows=2_000, seed=6)


@pytest.fixture
def both(fill, url: str, tmp_path: Path) -> tuple[Warehouse, Warehouse]:
    """The same tables on BigQuery and on DuckDB."""
    fill(url, WORLD.tables)
    WORLD.write(tmp_path)
    return open_warehouse(url, root=tmp_path), open_warehouse(f"duckdb:{tmp_path}", root=tmp_path)


@pytest.mark.parametrize("table", WORLD.tables)
def test_the_population_is_the_same(both: tuple[Warehouse, Warehouse], table: str) -> None:
    until = datetime(2024, 2, 1, tzinfo=UTC)
    query = population_query(WORLD.catalog, table, data_until=until, shards=8)
    found, wanted = (warehouse.run(query) for warehouse in both)
    assert wanted.num_rows > 40
    assert found.equals(wanted)


def test_the_latest_event_is_the_same(both: tuple[Warehouse, Warehouse]) -> None:
    found, wanted = (latest_event(WORLD.catalog, warehouse) for warehouse in both)
    assert found == wanted
