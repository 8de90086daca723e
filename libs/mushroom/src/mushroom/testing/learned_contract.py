"""What every feature method that learns must keep to, beside what all must."""

# ruff: noqa: S101 (a suite asserts)

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from mushroom.catalog import Catalog
from mushroom.features.learned import Fitting, LearnedMethod, State
from mushroom.features.learned.describe import learned_rows
from mushroom.query import Query
from mushroom.testing.feature_contract import LAW, FeatureMethodContract
from mushroom.testing.strategies import described_worlds
from mushroom.testing.world import START, World, entity_rows

__all__ = ["LearnedMethodContract"]

_UNTIL = START + timedelta(hours=1200)


class LearnedMethodContract(FeatureMethodContract):
    """The laws of `FeatureMethodContract` given a state, and those of the fit.

    Attributes:
        method: The method under test.
        options: Sets of options over the tables of a `World`; each of them must keep the laws.
    """

    method: ClassVar[LearnedMethod]

    def learn(
        self, world: World, options: Mapping[str, Any], fitting: Fitting, *, threads: int = 1
    ) -> State:
        """What a fit learns of this world."""
        parsed = self.method.parse(options)
        with tempfile.TemporaryDirectory() as folder:
            warehouse = self.open_world(Path(folder), world)
            query = self.method.fit_query(parsed, catalog=world.catalog, fitting=fitting)
            return self.method.fit(parsed, warehouse.run(query, threads=threads))

    def describe(
        self, world: World, entities: pa.Table, options: Mapping[str, Any], *, threads: int = 1
    ) -> pa.Table:
        """The rows of these entities in this world, by what was learned of another."""
        asked = json.dumps(options)
        query = _query(self, asked, world.catalog.model_dump_json(), entities.schema)
        state = _learned_elsewhere(self, asked)
        return self._answer(query, state, world, entities, options, threads=threads)

    def describe_by(
        self,
        state: State,
        world: World,
        entities: pa.Table,
        options: Mapping[str, Any],
        *,
        threads: int = 1,
    ) -> pa.Table:
        """The rows of these entities in this world, by a state."""
        parsed = self.method.parse(options)
        query = self.method.query(parsed, catalog=world.catalog, entities=entities, state=state)
        return self._answer(query, state, world, entities, options, threads=threads)

    def _answer(
        self,
        query: Query,
        state: State,
        world: World,
        entities: pa.Table,
        options: Mapping[str, Any],
        *,
        threads: int,
    ) -> pa.Table:
        parsed = self.method.parse(options)
        with tempfile.TemporaryDirectory() as folder:
            warehouse = self.open_world(Path(folder), world)
            found = warehouse.run(query.with_rows("entities", entities), threads=threads)
        return learned_rows(self.method, parsed, found, name="f", entities=entities, state=state)

    def test_a_fit_does_not_depend_on_threads_or_order(self) -> None:
        """Fits at 1, 2 and 4 threads, and of the rows in another order, learn the same."""
        world = World.random(users=400, rows=40_000, seed=1)
        for options in self.options:
            first = self.learn(world, options, Fitting(until=_UNTIL))
            assert any(table.num_rows for table in first.values())
            for threads in (1, 2, 4):
                again = self.learn(
                    world.in_order(threads), options, Fitting(until=_UNTIL), threads=threads
                )
                assert _same(first, again)

    @LAW
    @given(described_worlds(), described_worlds(), st.integers(0, 96))
    def test_no_row_after_fit_until_changes_the_state(
        self,
        described: tuple[World, pa.Table],
        other: tuple[World, pa.Table],
        half_days: int,
    ) -> None:
        """Third law: later rows may be removed, or say something else beside others."""
        until = START + timedelta(hours=12 * half_days)
        world, fitting = described[0], Fitting(until=until)
        for options in self.options:
            found = self.learn(world, options, fitting)
            for changed in world.futures(other[0], until):
                assert _same(found, self.learn(changed, options, fitting))

    @LAW
    @given(described_worlds(), st.sets(st.integers(0, 3)))
    def test_only_those_fitted_on_teach(
        self, described: tuple[World, pa.Table], users: set[int]
    ) -> None:
        """Fourth law: nothing of an entity that is not fitted on changes the state."""
        who = pa.array(sorted(users), pa.int64())
        among = Fitting(until=_UNTIL, among=pa.table({"entity_id": who}))
        for options in self.options:
            found = self.learn(described[0], options, among)
            alone = self.learn(described[0].of_users(who), options, Fitting(until=_UNTIL))
            assert _same(found, alone)

    def test_what_nothing_teaches_describes_everybody(self) -> None:
        """A fit on no rows is a state too: an empty vocabulary."""
        nothing = World.of(events=[], attributes=[])
        world = World.random(users=5, rows=500, seed=2)
        entities = entity_rows([(1, 1000, 1000), (99, 2000, 2000)])
        for options in self.options:
            state = self.learn(nothing, options, Fitting(until=_UNTIL))
            assert _same(state, self.method.unlearned(self.method.parse(options)))
            found = self.describe_by(state, world, entities, options)
            assert found["entity_id"].to_pylist() == [1, 99]


@cache
def _learned_elsewhere(suite: LearnedMethodContract, options: str) -> State:
    """A state that knows some of the words of worlds, and others that they lack."""
    words = ["a", "a", "a", "b", "b", "B", "elsewhere", "item 1", "item 2", "item 2"]
    events = [
        (user, hour, hour, 1.0 + user + hour, words[(user * 7 + hour) % len(words)])
        for user in range(5)
        for hour in range(0, 24, 1 + user)
    ]
    attributes = [
        (user, 0, f"{words[user % 10]} {words[user * 3 % 10]}", 1, 0) for user in range(9)
    ]
    world = World.of(events=events, attributes=attributes)
    return suite.learn(world, json.loads(options), Fitting(until=_UNTIL))


@lru_cache(maxsize=64)
def _query(suite: LearnedMethodContract, options: str, catalog: str, entities: pa.Schema) -> Query:
    """The query over entities of this schema by what was learned elsewhere, made once."""
    return suite.method.query(
        suite.method.parse(json.loads(options)),
        catalog=Catalog.model_validate_json(catalog),
        entities=entities.empty_table(),
        state=_learned_elsewhere(suite, options),
    )


def _same(one: State, other: State) -> bool:
    return one.keys() == other.keys() and all(one[n].equals(other[n]) for n in one)
