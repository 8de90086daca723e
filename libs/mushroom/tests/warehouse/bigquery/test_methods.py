"""Every download method, the population and the latest event are the same on both warehouses."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from mushroom import latest_event, load_method, method_names, open_warehouse
from mushroom.methods.bind import bind_method
from mushroom.population import population_query
from mushroom.query import Query
from mushroom.testing import World
from mushroom.warehouse import Warehouse

VALUES: dict[str, Any] = {
    "bool": True,
    "int64": 3,
    "float64": 0.5,
    "numeric": "0.5",
    "string": "a",
    "date": "2024-02-01",
    "timestamp": "2024-03-01T12:00:00Z",
}
NAMED = {"since": "2024-01-10T12:00:00Z"}
WORLD = World.random(users=50, rows=2_000, seed=6)


@pytest.fixture
def both(fill, url: str, tmp_path: Path) -> tuple[Warehouse, Warehouse]:
    """The same tables on BigQuery and on DuckDB."""
    fill(url, WORLD.tables)
    WORLD.write(tmp_path)
    return open_warehouse(url, root=tmp_path), open_warehouse(f"duckdb:{tmp_path}", root=tmp_path)


def queries() -> Iterator[tuple[str, Query]]:
    for name in method_names():
        method = load_method(name)
        given = {
            parameter: NAMED.get(parameter, value_of(declared.type))
            for parameter, declared in method.declaration.parameters.items()
            if declared.default is None
        }
        tables = dict(method.declaration.tables)
        yield name, bind_method(method, WORLD.catalog, tables=tables, parameters=given)
    until = datetime(2024, 2, 1, tzinfo=UTC)
    for table in WORLD.tables:
        population = population_query(WORLD.catalog, table, data_until=until, shards=8)
        yield f"population of {table}", population


def value_of(kind: str) -> Any:
    return [VALUES[kind[6:-1]]] if kind.startswith("array<") else VALUES[kind]


@pytest.mark.parametrize("query", [pytest.param(query, id=name) for name, query in queries()])
def test_both_answer_the_same(both: tuple[Warehouse, Warehouse], name: str, query: Query) -> None:
    found, wanted = (warehouse.run(query) for warehouse in both)
    assert wanted.num_rows
    assert found.column_names == wanted.column_names
    for column in wanted.column_names:
        if pa.types.is_floating(wanted[column].type):
            known = wanted[column].drop_null().to_pylist()
            assert found[column].drop_null().to_pylist() == pytest.approx(known, rel=1e-9)
        else:
            assert found[column].to_pylist() == wanted[column].to_pylist()


def test_the_latest_event_is_the_same(both: tuple[Warehouse, Warehouse]) -> None:
    found, wanted = (latest_event(WORLD.catalog, warehouse) for warehouse in both)
    assert found == wanted
