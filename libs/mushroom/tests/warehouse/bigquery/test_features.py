"""Feature methods keep to their contract on BigQuery, and find there what they find on DuckDB."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from mushroom import open_warehouse
from mushroom.features import FEATURE_METHODS, FeatureError, feature_rows
from mushroom.testing import FeatureMethodContract, World, entity_rows
from mushroom.testing.world import Ids
from mushroom.warehouse import Warehouse

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

OPTIONS: dict[str, dict[str, Any]] = {
    "event_windows": {"table": "events", "windows": ["12h", "7d", "2w", "all"]},
    "entity_attributes": {"table": "attributes"},
}
TABLES = ({"table": "events"}, {"table": "attributes"})


class OnBigQuery(FeatureMethodContract):
    __test__ = False

    @pytest.fixture(autouse=True)
    def _dataset(self, fill, url: str) -> None:
        self.fill, self.address = fill, url

    def open_world(self, folder: Path, world: World) -> Warehouse:
        self.fill(self.address, world.tables)
        return open_warehouse(self.address, root=folder)


class TestEventWindows(OnBigQuery):
    __test__ = True
    method = FEATURE_METHODS["event_windows"]
    options = ({"table": "events", "windows": ["12h", "2w", "all"]},)


class TestEntityAttributes(OnBigQuery):
    __test__ = True
    method = FEATURE_METHODS["entity_attributes"]
    options = ({"table": "attributes"},)


@pytest.mark.parametrize("ids", ["int64", "string"])
@pytest.mark.parametrize("name", sorted(FEATURE_METHODS))
def test_both_warehouses_find_the_same(fill, url: str, tmp_path: Path, name: str, ids: Ids) -> None:
    world = World.random(users=60, rows=4_000, seed=5, ids=ids)
    entities = entity_rows([(u, h, h) for u in range(65) for h in (700, 2300)], ids=ids)
    method = FEATURE_METHODS[name]
    query = method.query(options_of(name, world), catalog=world.catalog, entities=entities)
    fill(url, world.tables)
    world.write(tmp_path)
    found = open_warehouse(url, root=tmp_path).run(query)
    wanted = open_warehouse(f"duckdb:{tmp_path}", root=tmp_path).run(query)
    found, wanted = (feature_rows(rows, name="f", entities=entities) for rows in (found, wanted))
    assert found.schema.equals(wanted.schema)
    for column in wanted.column_names:
        exact = not pa.types.is_floating(wanted[column].type) or column.endswith((".sum", ".mean"))
        if exact:
            assert found[column].equals(wanted[column]), column
            continue
        assert found[column].is_null().equals(wanted[column].is_null()), column
        known = wanted[column].drop_null().to_pylist()
        assert found[column].drop_null().to_pylist() == pytest.approx(known, rel=1e-9), column


def options_of(name: str, world: World) -> Any:
    method = FEATURE_METHODS[name]
    for options in (OPTIONS[name],) if name in OPTIONS else TABLES:
        parsed = method.parse(options)
        try:
            method.check(parsed, world.catalog)
        except FeatureError:
            continue
        return parsed
    raise AssertionError(f"No table of a World fits the method {name}: give it OPTIONS.")
