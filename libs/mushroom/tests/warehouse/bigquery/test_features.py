"""Feature methods find on BigQuery what they find on DuckDB, whose contract they keep there.

Whatever law a method keeps on one warehouse it keeps on the other where both find the same: so the
same worlds are described on both, and filled once for all methods.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pytest
from mushroom import open_warehouse
from mushroom.features import FEATURE_METHODS, feature_rows
from mushroom.features.event_windows.options import ALL_AGGREGATES
from mushroom.features.learned import Fitting, LearnedMethod, State
from mushroom.features.learned.describe import learned_rows
from mushroom.query import Query
from mushroom.testing import World, entity_rows
from mushroom.testing.emulator import Emulator, fill_dataset
from mushroom.testing.emulator_gaps import around
from mushroom.testing.injections import INJECTIONS
from mushroom.testing.world import START, Ids
from mushroom.warehouse import Warehouse

pytestmark = pytest.mark.timeout(600)

WINDOWS = ["7d", "last3"]
BEFORE_1970 = 474_800
"""So many hours before `START` it was 1969: the world of 100 days goes on into 1970."""

OPTIONS: dict[str, Sequence[dict[str, Any]]] = {
    "entity_attributes": ({"table": "attributes"},),
    "event_windows": (
        {"table": "events", "windows": WINDOWS, "trend": ["change"]}
        | {"aggregates": ALL_AGGREGATES},
    ),
    "related": (
        {"table": "events", "reference": "owner", "windows": WINDOWS},
        {"table": "events", "reference": "item", "windows": ["7d"]}
        | {"aggregates": ["sum", "mean", "streaks"]},
        {
            "table": "events",
            "reference": "item",
            "reach": "all",
            "windows": ["7d"],
            "aggregates": ["sum"],
        },
    ),
    "top_categories": ({"table": "events", "windows": WINDOWS, "values": 2},),
    "item_embeddings": (
        {"table": "events", "category": "item", "dimensions": 3, "items": 4},
        {"table": "events", "category": "item", "dimensions": 2, "rarity": False}
        | {"measure": "amount", "window": "10d"},
    ),
    "text_embeddings": ({"table": "attributes", "column": "plan", "dimensions": 2, "words": 2},),
    "event_sequences": ({"table": "events", "length": 3, "values": 2},),
}
CASES = [(name, options) for name, several in OPTIONS.items() for options in several]
APPROXIMATE = re.compile(r"\.entropy$")
"""The columns of logarithms, which the emulator's DuckDB takes otherwise in their last digit."""

ODD = World.of(
    events=[
        *((1, 700.0, 700.0, cents / 100, item) for cents, item in ((1, "b"), (2, "B"), (3, "ä"))),
        *[(1, 699.0, 701.0, 9.0, "a"), (1, 7.0, 7.0, None, None)],
        *[(None, 5.0, 5.0, 9.0, "z"), (1, None, None, 9.0, "z")],
    ],
    attributes=[
        *[(1, 700.0, "b", 2, 1.0), (1, 700.0, "B b", 1, 2.0), (2, 5.0, None, None, None)],
        *[(None, 5.0, "z", 1, 1.0), (1, None, "z", 1, 1.0)],
    ],
)
"""Ties, rows at a cut-off and just after it, missing values, rows of nobody and of no time."""

SOME = World.random(users=60, rows=2_000, seed=5)
WORLDS = {
    "int64": World(
        tables={n: pa.concat_tables([SOME.tables[n], ODD.tables[n]]) for n in ODD.tables}
    ),
    "string": World.random(users=20, rows=500, seed=6, ids="string"),
    "old": World.random(users=20, rows=500, seed=7).earlier(hours=BEFORE_1970),
    "empty": World.of(events=[], attributes=[]),
    "injected": World.of(
        events=[(k % 9, k, k, 1.0, name) for k, name in enumerate(INJECTIONS)],
        attributes=[(k % 9, k, name, k, k) for k, name in enumerate(INJECTIONS)],
    ),
}
UNTIL = START + timedelta(hours=1500)

Options = Mapping[str, Any]
Open = Callable[[str], "Both"]


@dataclass(frozen=True)
class Both:
    """One world on BigQuery and on DuckDB."""

    world: World
    warehouses: tuple[Warehouse, Warehouse]

    def learn(self, method: LearnedMethod, options: Options, fitting: Fitting) -> list[State]:
        """What a fit learns on each, of answers that are the same."""
        parsed = method.parse(options)
        query = method.fit_query(parsed, catalog=self.world.catalog, fitting=fitting)
        answers = self.answers(query)
        assert_same(*(answer.select(method.answer.names) for answer in answers))
        return [method.fit(parsed, answer) for answer in answers]

    def describe(
        self, name: str, options: Options, entities: pa.Table, state: State | None = None
    ) -> list[pa.Table]:
        """The rows that each finds; those of a learned method by a state."""
        method = FEATURE_METHODS[name]
        parsed = method.parse(options)
        if not isinstance(method, LearnedMethod):
            query = method.query(parsed, catalog=self.world.catalog, entities=entities)
            return [feature_rows(r, name="f", entities=entities) for r in self.answers(query)]
        query = method.query(parsed, catalog=self.world.catalog, entities=entities, state=state)
        known = method.unlearned(parsed) if state is None else state
        return [
            learned_rows(method, parsed, rows, name="f", entities=entities, state=known)
            for rows in self.answers(query)
        ]

    def answers(self, query: Query) -> list[pa.Table]:
        """What both answer."""
        on_bigquery, on_duckdb = self.warehouses
        return [on_bigquery.run(around(query)), on_duckdb.run(query)]


@pytest.fixture(scope="module")
def worlds(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Opens the world of a name; filled on first use."""
    folder, project = tmp_path_factory.mktemp("worlds"), f"worlds-{uuid4().hex[:12]}"

    def open_world(name: str) -> Both:
        return opened(WORLDS[name], f"bigquery://{project}/{name}", folder / name)

    with pytest.MonkeyPatch.context() as environment:
        for variable, value in emulator.environment.items():
            environment.setenv(variable, value)
        yield cache(open_world)


def opened(world: World, url: str, folder: Path) -> Both:
    """Fill both warehouses with a world."""
    folder.mkdir(exist_ok=True)
    world.write(folder)
    fill_dataset(url, world.tables)
    found = (open_warehouse(where, root=folder) for where in (url, f"duckdb:{folder}"))
    return Both(world, tuple(found))


def test_every_feature_method_is_asked_on_both() -> None:
    assert set(OPTIONS) == set(FEATURE_METHODS)


@pytest.mark.parametrize("kind", WORLDS)
@pytest.mark.parametrize(("name", "options"), CASES)
def test_both_find_the_same(worlds: Open, kind: str, name: str, options: Options) -> None:
    both, method = worlds(kind), FEATURE_METHODS[name]
    ids: Ids = "string" if kind == "string" else "int64"
    past = BEFORE_1970 if kind == "old" else 0
    rows = [
        (user, hour - past, hour - past - 24 * (user % 3))
        for user in range(65)
        for hour in (700, 2300)
    ]
    state = None
    if isinstance(method, LearnedMethod):
        some = pa.table({"entity_id": entity_rows(rows[::6], ids=ids)["entity_id"]})
        among = some if kind == "string" else None
        state, other = both.learn(
            method, options, Fitting(until=UNTIL - timedelta(hours=past), among=among)
        )
        assert state.keys() == other.keys()
        assert all(state[part].equals(other[part]) for part in state)
    described = entity_rows(rows if len(both.world.tables["events"]) else [], ids=ids)
    found, wanted = both.describe(name, options, described, state)
    assert wanted.num_rows == described.num_rows
    assert_same(found, wanted)


def assert_same(found: pa.Table, wanted: pa.Table) -> None:
    """Exactly the same; where it is logarithms, to 1e-9."""
    assert found.schema.equals(wanted.schema)
    for column in wanted.column_names:
        if found[column].equals(wanted[column]):
            continue
        assert APPROXIMATE.search(column), column
        got, due = (one[column].combine_chunks() for one in (found, wanted))
        assert got.is_null().equals(due.is_null()), column
        known = due.drop_null().to_pylist()
        assert got.drop_null().to_pylist() == pytest.approx(known, rel=1e-9), column
