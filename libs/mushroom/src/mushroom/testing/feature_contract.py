"""What every feature method must keep to."""

# ruff: noqa: S101 (a suite asserts)

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings

from mushroom.catalog import Catalog
from mushroom.features import FeatureError, FeatureMethod, feature_rows
from mushroom.features.facts import FACTS, KNOWN
from mushroom.query import Query
from mushroom.testing.strategies import described_worlds
from mushroom.testing.world import Ids, World, entity_rows
from mushroom.warehouse import Warehouse, open_warehouse

__all__ = ["LAW", "FeatureMethodContract"]

LAW = settings(
    max_examples=min(8, settings().max_examples),
    deadline=None,
    derandomize=True,
    database=None,
    # Inherited by the suite of every method, which differ in the method alone.
    suppress_health_check=[HealthCheck.differing_executors],
)
_ROWS = ((1, 1000, 1000), (1, 1500, 1400), (2, 1500, 1500), (3, 2000, 2000), (99, 2000, 2000))


class FeatureMethodContract:
    """The laws of feature methods, tried on a `World`.

    Attributes:
        method: The method under test.
        options: Sets of options over the tables of a `World`; each of them must keep the laws.
    """

    method: ClassVar[FeatureMethod]
    options: ClassVar[Sequence[Mapping[str, Any]]]

    def open_world(self, folder: Path, world: World) -> Warehouse:
        """A warehouse that holds the world's tables; override it to test on another warehouse."""
        world.write(folder)
        return open_warehouse(f"duckdb:{folder.name}", root=folder.parent)

    def describe(
        self, world: World, entities: pa.Table, options: Mapping[str, Any], *, threads: int = 1
    ) -> pa.Table:
        """The feature rows of these entities in this world."""
        with tempfile.TemporaryDirectory() as folder:
            warehouse = self.open_world(Path(folder), world)
            query = _query(
                self.method, json.dumps(options), world.catalog.model_dump_json(), entities.schema
            )
            answer = warehouse.run(query.with_rows("entities", entities), threads=threads)
        return feature_rows(answer, name="f", entities=entities)

    def test_bytes_do_not_depend_on_threads_or_time(self) -> None:
        """Runs at 1, 2 and 4 threads, and another at 4, give the same Parquet bytes."""
        world = World.random(users=400, rows=40_000, seed=1)
        entities = entity_rows([(user, hour, hour) for user in range(410) for hour in (1200, 2300)])
        for options in self.options:
            found = {
                _parquet(self.describe(world, entities, options, threads=threads))
                for threads in (1, 2, 4, 4)
            }
            assert len(found) == 1

    @pytest.mark.parametrize("ids", ["int64", "string"])
    def test_each_entity_row_has_one_row_in_place(self, ids: Ids) -> None:
        """Unknown entities and several times of one entity keep their rows, for both id types."""
        world = World.random(users=5, rows=500, seed=2, ids=ids)
        entities = entity_rows(_ROWS, ids=ids)
        for options in self.options:
            found = self.describe(world, entities, options)
            assert found.select(["entity_id", "as_of"]).equals(
                entities.select(["entity_id", "as_of"])
            )
            assert len(found.schema) > 2 + len(FACTS)

    def test_facts_say_whom_the_table_knows(self) -> None:
        """Whose only rows lie behind `data_until` is as unknown as who has none."""
        world = World.of(
            events=[(user, hour, hour, 1.0, "a") for user, hour in ((1, 950.0), (2, 1100.0))],
            attributes=[(1, 950.0, "a", 1, 1.0), (2, 1100.0, "a", 1, 1.0)],
        )
        entities = entity_rows([(1, 900, 900), (1, 1000, 1000), (2, 1150, 1000), (99, 1150, 1150)])
        for options in self.options:
            found = self.describe(world, entities, options)
            assert found[KNOWN].to_pylist() == [False, True, False, False]

    @LAW
    @given(described_worlds(), described_worlds())
    def test_no_row_after_data_until_changes_a_feature(
        self, described: tuple[World, pa.Table], other: tuple[World, pa.Table]
    ) -> None:
        """First law: later rows may be removed, or say something else beside others."""
        world, entities = described
        for options in self.options:
            found = self.describe(world, entities, options)
            for position, until in enumerate(entities["data_until"].to_pylist()):
                for changed in world.futures(other[0], until):
                    self._check_alone(changed, entities, position, found, options)

    @LAW
    @given(described_worlds())
    def test_rows_are_described_alone(self, described: tuple[World, pa.Table]) -> None:
        """Second law: no other entity row, and no order of the data, changes a feature."""
        world, entities = described
        for options in self.options:
            found = self.describe(world, entities, options)
            for position in range(entities.num_rows):
                self._check_alone(world.in_order(position), entities, position, found, options)

    def test_empty_tables_have_the_same_columns(self) -> None:
        """Without any data, every entity row still has its row, with the same types."""
        entities = entity_rows(_ROWS)
        for options in self.options:
            full = self.describe(World.random(users=5, rows=50, seed=3), entities, options)
            empty = self.describe(World.of(events=[], attributes=[]), entities, options)
            assert empty.schema.equals(full.schema)
            assert empty.num_rows == entities.num_rows

    def test_no_entities_have_the_same_columns(self) -> None:
        """An empty shard is an empty table with the same types."""
        world = World.random(users=5, rows=50, seed=4)
        for options in self.options:
            some = self.describe(world, entity_rows(_ROWS), options)
            none = self.describe(world, entity_rows([]), options)
            assert none.schema.equals(some.schema)
            assert none.num_rows == 0

    def test_rows_of_nobody_and_of_no_time_do_not_count(self) -> None:
        """A NULL entity or time keeps a row out; NULL values do no harm."""
        events = [(1, 5.0, 5.0, 2.5, "a"), (1, 7.0, 7.0, None, None)]
        attributes = [(1, 5.0, None, None, None)]
        nobody = [(None, 5.0, 5.0, 9.0, "z"), (1, None, None, 9.0, "z")]
        entities = entity_rows([(1, 10, 10)])
        for options in self.options:
            clean = self.describe(World.of(events=events, attributes=attributes), entities, options)
            noisy = World.of(
                events=events + nobody,
                attributes=[*attributes, (None, 5.0, "z", 1, 1.0), (1, None, "z", 1, 1.0)],
            )
            assert self.describe(noisy, entities, options).equals(clean)

    def test_unknown_options_are_refused(self) -> None:
        """A misspelt option is an error, never ignored."""
        for options in self.options:
            with pytest.raises(FeatureError, match="no option 'no_such_option'"):
                self.method.parse({**options, "no_such_option": 1})

    def _check_alone(
        self,
        world: World,
        entities: pa.Table,
        position: int,
        found: pa.Table,
        options: Mapping[str, Any],
    ) -> None:
        alone = self.describe(world, entities.slice(position, 1), options)
        assert alone.to_pylist() == found.slice(position, 1).to_pylist()


@lru_cache(maxsize=64)
def _query(method: FeatureMethod, options: str, catalog: str, entities: pa.Schema) -> Query:
    """The query of a method over entities of this schema, made once for all worlds."""
    return method.query(
        method.parse(json.loads(options)),
        catalog=Catalog.model_validate_json(catalog),
        entities=entities.empty_table(),
    )


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()
