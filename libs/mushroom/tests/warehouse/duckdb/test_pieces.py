"""Tables that are cut by their entities first: the same answers, from rows that are read once."""

import io
import tempfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mushroom import PhysicalTable, Query, WarehouseError, open_warehouse, parse_query
from mushroom.features import FEATURE_METHODS, FeatureMethod
from mushroom.features.learned import Fitting, LearnedMethod
from mushroom.query import LocalRows
from mushroom.testing import World, entity_rows
from mushroom.testing.world import START, Ids
from mushroom.warehouse import Warehouse
from mushroom.warehouse.duckdb import pieces
from mushroom.warehouse.duckdb.compile import compile_query
from sqlglot import exp

OPTIONS: dict[str, Mapping[str, Any]] = {
    "event_windows": {"table": "events", "windows": ["7d", "all", "last3"]},
    "entity_attributes": {"table": "attributes"},
    "related": {"table": "events", "reference": "item", "windows": ["7d", "all"]},
    "top_categories": {"table": "events", "values": 2},
    "item_embeddings": {"table": "events", "category": "item", "dimensions": 2},
    "text_embeddings": {"table": "attributes", "column": "plan", "dimensions": 2},
    "event_sequences": {"table": "events", "length": 3, "values": 2},
}


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Cut every table, however small, into pieces of a few rows; the relations that were cut."""
    found: list[str] = []
    write = pieces.Pieces._write

    def noted(self: pieces.Pieces, relation: str, entity: exp.Expr) -> None:
        found.append(relation)
        write(self, relation, entity)

    sizes = {
        "_FEWEST_ROWS": 0,
        "_FEWEST_PARTS": 1,
        "_ROWS_AT_A_TIME": 200,
        "_FEWEST_ROWS_OF_A_PIECE": 1,
    }
    for name, size in (sizes | {"_FEWEST_ENTITY_ROWS": 3}).items():
        monkeypatch.setattr(pieces, name, size)
    monkeypatch.setattr(pieces.Pieces, "_write", noted)
    return found


def query_of(method: FeatureMethod, world: World, warehouse: Warehouse, ids: Ids) -> Query:
    options, nobody = method.parse(OPTIONS[method.name]), entity_rows([], ids=ids)
    if not isinstance(method, LearnedMethod):
        return method.query(options, catalog=world.catalog, entities=nobody)
    fitting = Fitting(until=START.replace(year=2025), among=None)
    fit = method.fit_query(options, catalog=world.catalog, fitting=fitting)
    state = method.fit(options, warehouse.run(fit))
    return method.query(options, catalog=world.catalog, entities=nobody, state=state)


def written(answers: Sequence[pa.Table]) -> list[bytes]:
    buffers = [io.BytesIO() for _ in answers]
    for answer, buffer in zip(answers, buffers, strict=True):
        pq.write_table(answer, buffer)
    return [buffer.getvalue() for buffer in buffers]


@pytest.mark.parametrize("ids", ["int64", "string"])
@pytest.mark.parametrize("name", OPTIONS)
def test_every_method_gives_the_same_bytes(
    tmp_path: Path, cut: list[str], name: str, ids: Ids
) -> None:
    world = World.random(users=40, rows=1500, seed=3, ids=ids)
    world.write(tmp_path)
    warehouse = open_warehouse(f"duckdb:{tmp_path}", root=tmp_path)
    query = query_of(FEATURE_METHODS[name], world, warehouse, ids)
    rows = [
        [(user, hour, hour - 5) for user in users for hour in (800, 1200)]
        for users in (range(0, 45, 2), (), range(1, 45, 2), (77,))
    ]
    parts = [entity_rows(part, ids=ids) for part in rows]
    alone = [warehouse.run(query.with_rows("entities", part)) for part in parts]
    assert not cut
    found = list(warehouse.run_parts(query, "entities", parts, threads=2))
    assert cut == [*query.by_entity]
    assert written(found) == written(alone)


@pytest.mark.parametrize("name", ["event_windows", "top_categories"])
def test_pieces_are_not_asked_for_what_they_hold(
    tmp_path: Path, cut: list[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    world = World.random(users=10, rows=50, seed=3)
    world.write(tmp_path)
    warehouse = open_warehouse(f"duckdb:{tmp_path}", root=tmp_path)
    query = query_of(FEATURE_METHODS[name], world, warehouse, "int64")
    asked: list[str] = []

    def noted(query: Query, **rest: Any) -> str:
        asked.append(query.sql)
        return compile_query(query, **rest)

    monkeypatch.setattr(pieces, "compile_query", noted)
    assert [*warehouse.run_parts(query, "entities", [entity_rows([(1, 9, 9)])])]
    assert cut
    assert " IN (" in query.sql
    assert " IN (" not in asked[-1]


def test_every_method_is_tried() -> None:
    assert {*OPTIONS} == {*FEATURE_METHODS}


def totals(table: str, by: str = "who") -> Query:
    text = (
        "SELECT mine.entity_id, mine.as_of, SUM(t.x) AS total, COUNT(t.x) AS n "
        "FROM entities AS mine LEFT JOIN t ON t.BY = mine.entity_id GROUP BY 1, 2 ORDER BY 1, 2"
    )
    tree = parse_query(text.replace("t.BY", f"t.`{by}`"))
    return Query(
        tree=tree,
        relations={"t": PhysicalTable(name=table), "entities": LocalRows(rows=entity_rows([]))},
        by_entity={"t": exp.column(by, quoted=True)},
    )


def counts(warehouse: Warehouse, query: Query, users: Sequence[Sequence[int]]) -> list[list[int]]:
    parts = [entity_rows([(user, 9, 9) for user in part]) for part in users]
    return [answer["n"].to_pylist() for answer in warehouse.run_parts(query, "entities", parts)]


def test_a_database_file_is_cut_too(tmp_path: Path, cut: list[str]) -> None:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("CREATE TABLE t AS SELECT range % 10 AS who, 1 AS x FROM range(100)")
        connection.execute("CREATE SCHEMA s; CREATE TABLE s.t AS FROM t LIMIT 50")
    warehouse = open_warehouse("duckdb:shop.duckdb", root=tmp_path)
    assert counts(warehouse, totals("t"), [range(5), range(5, 12)]) == [[10] * 5, [10] * 5 + [0, 0]]
    assert counts(warehouse, totals("s.t"), [range(10)]) == [[5] * 10]
    assert cut == ["t", "t"]


def test_odd_names_of_columns_and_folders(tmp_path: Path, cut: list[str]) -> None:
    names = ("piece", "Entity_ID", "x", "who'\"; --")
    folder = tmp_path / "it's [1]"
    folder.mkdir()
    rows = pa.table(dict(zip(names, ([1, 2, 2], [3, 3, 4], [5, 6, 7], [1, 1, 2]), strict=True)))
    pq.write_table(rows, folder / "t.parquet")
    warehouse = open_warehouse(f"duckdb:{folder}", root=tmp_path)
    assert counts(warehouse, totals("t", by=names[3]), [[1], [2, 3]]) == [[2], [1, 0]]
    assert cut == ["t"]


def test_an_entity_of_several_pieces_has_its_rows_in_each(tmp_path: Path, cut: list[str]) -> None:
    pq.write_table(pa.table({"who": [1] * 300, "x": [1] * 300}), tmp_path / "t.parquet")
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    parts = [entity_rows([(1, hour, hour) for hour in hours]) for hours in (range(9), range(9, 12))]
    found = [
        answer["n"].to_pylist() for answer in warehouse.run_parts(totals("t"), "entities", parts)
    ]
    assert found == [[300] * 9, [300] * 3]
    assert cut == ["t"]


def test_types_that_parquet_lacks_are_not_cut(tmp_path: Path, cut: list[str]) -> None:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute(f"CREATE TABLE t AS SELECT 1 AS who, {2**100}::HUGEINT AS x")
    warehouse = open_warehouse("duckdb:shop.duckdb", root=tmp_path)
    query = totals("t")
    query = Query(
        tree=parse_query(query.sql.replace("SUM(t.x)", "MAX(CAST(t.x AS STRING))")),
        relations=query.relations,
        by_entity=query.by_entity,
    )
    [answer] = warehouse.run_parts(query, "entities", [entity_rows([(1, 9, 9)])])
    assert Decimal(answer["total"][0].as_py()) == 2**100
    assert not cut


def test_small_tables_are_not_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pq.write_table(pa.table({"who": [1, 2], "x": [1, 1]}), tmp_path / "t.parquet")
    monkeypatch.setattr(pieces.Pieces, "write", None)
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    assert counts(warehouse, totals("t"), [[1]] * 20) == [[1]] * 20


def test_nothing_is_left_on_disk(
    tmp_path: Path, cut: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pq.write_table(pa.table({"who": [1, 2], "x": ["1", "b"]}), tmp_path / "t.parquet")
    lent = tmp_path / "lent"
    lent.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(lent))
    query = totals("t")
    tree = parse_query(query.sql.replace("SUM(t.x)", "SUM(CAST(t.x AS INT64))"))
    odd = Query(tree=tree, relations=query.relations, by_entity=query.by_entity)
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    assert counts(warehouse, odd, [[1]]) == [[1]]
    with pytest.raises(
        WarehouseError, match=r"A query that reads t in duckdb:. failed: .*Bad INT64 value"
    ):
        counts(warehouse, odd, [[1], [2]])
    assert cut == ["t", "t"]
    assert not [*lent.iterdir()]
