"""Asks about small worlds on both warehouses: what is checked by eye is checked on each."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from mushroom import Query, open_warehouse
from mushroom.testing import World
from mushroom.testing.emulator_gaps import around

Ask = Callable[[World, Query], pa.Table]


@pytest.fixture(params=["duckdb", pytest.param("bigquery", marks=pytest.mark.emulator)])
def ask(request: pytest.FixtureRequest, tmp_path: Path) -> Ask:
    """Fills a warehouse with a world, and answers a query about it."""
    if request.param == "bigquery":
        url, fill = request.getfixturevalue("url"), request.getfixturevalue("fill")

        def in_dataset(world: World, query: Query) -> pa.Table:
            fill(url, world.tables)
            return open_warehouse(url, root=tmp_path).run(around(query))

        return in_dataset

    def in_folder(world: World, query: Query) -> pa.Table:
        world.write(tmp_path)
        return open_warehouse(f"duckdb:{tmp_path}", root=tmp_path).run(query)

    return in_folder
