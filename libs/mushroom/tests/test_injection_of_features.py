"""Attempts to smuggle SQL in by way of features, labels, populations, files and the data itself."""

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mushroom import (
    Catalog,
    LabelRows,
    MushroomError,
    PhysicalTable,
    Population,
    Query,
    Source,
    check_catalog,
    open_warehouse,
    parse_query,
)
from mushroom.features import FEATURE_METHODS, FeatureMethod, feature_rows
from mushroom.features.learned import Fitting, LearnedMethod
from mushroom.features.learned.describe import learned_rows
from mushroom.testing import World, entity_rows
from mushroom.testing.injections import INJECTIONS
from mushroom.testing.world import START
from mushroom.warehouse import Warehouse

pytestmark = pytest.mark.one_python

CANARY = "canary-7f3a"
METHODS: dict[str, dict[str, Any]] = {
    "entity_attributes": {"table": "attributes"},
    "event_windows": {"table": "events", "aggregates": ["top", "first", "distinct"]},
    "related": {"table": "events", "reference": "owner", "aggregates": ["top", "last"]},
    "top_categories": {"table": "events", "values": 50},
    "item_embeddings": {"table": "events", "category": "item", "dimensions": 2, "items": 50},
    "text_embeddings": {"table": "attributes", "column": "plan", "dimensions": 2},
    "event_sequences": {"table": "events", "length": 3, "values": 50},
}


def world(names: tuple[str, ...]) -> World:
    """Everybody bought one thing of an odd name, and has a plan that is called likewise."""
    return World.of(
        events=[(user, user, user, 1.0, name) for user, name in enumerate(names)],
        attributes=[(user, 0, name, 1, 0) for user, name in enumerate(names)],
    )


def opened(folder: Path, found: World) -> Warehouse:
    found.write(folder)
    pq.write_table(pa.table({"name": [CANARY], "user": [0]}), folder / "secrets.parquet")
    return open_warehouse(f"duckdb:{folder}", root=folder)


def described(name: str, found: World, warehouse: Warehouse, entities: pa.Table) -> pa.Table:
    method = FEATURE_METHODS[name]
    options = method.parse(METHODS[name])
    if not isinstance(method, LearnedMethod):
        query = method.query(options, catalog=found.catalog, entities=entities)
        return feature_rows(warehouse.run(query), name="f", entities=entities)
    fitting = Fitting(until=START.replace(year=START.year + 1))
    state = method.fit(
        options, warehouse.run(method.fit_query(options, catalog=found.catalog, fitting=fitting))
    )
    query = method.query(options, catalog=found.catalog, entities=entities, state=state)
    answer = warehouse.run(query)
    return learned_rows(method, options, answer, name="f", entities=entities, state=state)


def test_every_method_is_attacked() -> None:
    assert set(METHODS) == set(FEATURE_METHODS)


@pytest.mark.parametrize("name", METHODS)
def test_what_stands_in_the_data_is_data(tmp_path: Path, name: str) -> None:
    """A name that a customer chose is learned, counted and described like any other."""
    plain = tuple(f"name {chr(97 + k // 26)}{chr(97 + k % 26)}" for k in range(len(INJECTIONS)))
    entities = entity_rows([(user, 1000, 1000) for user in range(len(INJECTIONS))])
    odd, usual = tmp_path / "odd", tmp_path / "usual"
    for folder in (odd, usual):
        folder.mkdir()
    found = described(name, world(INJECTIONS), opened(odd, world(INJECTIONS)), entities)
    other = described(name, world(plain), opened(usual, world(plain)), entities)
    assert found.num_rows == other.num_rows == len(INJECTIONS)
    assert CANARY not in str(found.to_pylist())
    if name != "text_embeddings":  # whose words are other ones
        assert len(found.column_names) == len(other.column_names)
        assert [found[c].null_count for c in found.column_names[:4]] == [0] * 4


@pytest.mark.parametrize("name", METHODS)
def test_an_option_names_what_the_catalogue_has(name: str) -> None:
    method: FeatureMethod = FEATURE_METHODS[name]
    catalog = world(("tea",)).catalog
    named = [key for key in ("table", "reference", "category", "column") if key in METHODS[name]]
    known = method.options.model_fields
    lists = [key for key in ("measures", "categories", "columns") if key in known]
    for attempt in INJECTIONS:
        given = {**dict.fromkeys(named, attempt), **{key: [attempt] for key in lists}}
        for field, value in given.items():
            with pytest.raises(MushroomError):
                method.query(
                    method.parse({**METHODS[name], field: value}),
                    catalog=catalog,
                    entities=entity_rows([]),
                )


def test_names_of_the_catalogue_s_own_are_words() -> None:
    """They become columns of features, and so parts of SQL and of files."""
    entry = {"kind": "events", "table": "t", "entity": "who", "time": "at"}
    for attempt in set(INJECTIONS) - {"secrets"}:
        for tables in (
            {attempt: entry},
            {"t": {**entry, "measures": {attempt: "x"}}},
            {"t": {**entry, "categories": {attempt: "x"}}},
        ):
            with pytest.raises(ValueError, match=r"a name of the catalogue has letters of English"):
                Catalog.model_validate({"tables": tables})


def test_labels_and_populations_name_what_is_there(tmp_path: Path) -> None:
    found = world(("tea",))
    opened(tmp_path, found)
    source = Source.of(f"duckdb:{tmp_path}", root=tmp_path, catalog=found.catalog)
    place = {**source.arguments(), "workspace_directory": str(tmp_path / "store")}
    labels = {"entity": "user", "as_of": "happened_at", "horizon": "1d", "table": "events"}
    for attempt in set(INJECTIONS) - {"secrets"}:
        for changed in (
            {**labels, "table": attempt},
            {**labels, "entity": attempt},
            {**labels, "as_of": attempt},
            {**labels, "targets": {"y": {"column": attempt, "kind": "binary"}}},
        ):
            targets = {"targets": {"y": {"column": "amount", "kind": "binary"}}}
            with pytest.raises(MushroomError, match=r"has no column|no snapshot was taken"):
                LabelRows(labels={**targets, **changed}, **place).rows()
        with pytest.raises(MushroomError):
            Population(table=attempt, as_of="2025-01-01", shards=1, **place).queries()


@pytest.mark.parametrize("kind", ["folder", "database"])
def test_a_table_of_an_odd_name_is_only_itself(tmp_path: Path, kind: str) -> None:
    names = [name for name in INJECTIONS if not set("/\x00*?[\\\n") & set(name)]
    place = tmp_path / 'it\'s a "shop"; --'
    place.mkdir()
    rows = pa.table({"name": [CANARY]})
    if kind == "folder":
        for name in names:
            pq.write_table(pa.table({"mine": [name]}), place / f"{name}.parquet")
        pq.write_table(rows, place / "secrets.parquet")
        url = f"duckdb:{place}"
    else:
        file = place / "it's.db"
        with duckdb.connect(str(file)) as connection:
            for name in {*names, "secrets"}:
                quoted = name.replace('"', '""')
                values = {"value": CANARY if name == "secrets" else name}
                connection.execute(f'CREATE TABLE "{quoted}" AS SELECT $value AS mine', values)
        url = f"duckdb:{file}"
    warehouse = open_warehouse(url, root=tmp_path)
    for name in set(names) & set(warehouse.tables()) - {"secrets"}:
        query = Query(
            tree=parse_query("SELECT mine FROM t"), relations={"t": PhysicalTable(name=name)}
        )
        assert warehouse.run(query)["mine"].to_pylist() == [name]
    assert len(set(names) & set(warehouse.tables())) > len(names) / 2


def test_a_checked_catalogue_reads_no_other_table(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, world(("tea",)))
    entry = {"kind": "events", "table": "events", "entity": "user", "time": "happened_at"}
    for attempt in INJECTIONS:
        tables = {"t": {**entry, "measures": {"x": {"expression": attempt}}}}
        try:
            catalog = check_catalog(Catalog.model_validate({"tables": tables}), warehouse)
        except (MushroomError, ValueError):
            continue  # refused, with its place
        method = FEATURE_METHODS["event_windows"]
        query = method.query(
            method.parse({"table": "t"}), catalog=catalog, entities=entity_rows([(0, 9, 9)])
        )
        assert query.tables == ("events",)
        assert CANARY not in str(warehouse.run(query).to_pylist())
