"""What every warehouse must keep to."""

# ruff: noqa: S101 (a suite asserts)

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from mushroom.errors import WarehouseError
from mushroom.googlesql import parse_query
from mushroom.query import LocalRows, PhysicalTable, Query, Value
from mushroom.testing.writing_contract import WritingContract
from mushroom.warehouse import Warehouse

__all__ = ["WarehouseContract"]

_MOMENT = datetime(2024, 3, 31, 1, 30, 0, 123456, tzinfo=UTC)
_EVIL = "x'; DROP TABLE t; -- \" ` \\ @p ${env:HOME} {{ }} \n ä 🍄"

_ROWS = pa.table(
    {
        "i": pa.array([1, None, -(2**62)], pa.int64()),
        "f": pa.array([0.1, None, 1e300], pa.float64()),
        "s": pa.array(["a", None, _EVIL], pa.string()),
        "b": pa.array([True, None, False], pa.bool_()),
        "t": pa.array([_MOMENT, None, _MOMENT], pa.timestamp("us", tz="UTC")),
        "d": pa.array([date(2024, 2, 29), None, date(1969, 12, 31)], pa.date32()),
    }
)


class WarehouseContract(WritingContract):
    """The laws of warehouses; a subclass says how to make one that holds given tables."""

    def make(self, folder: Path, tables: Mapping[str, pa.Table]) -> Warehouse:
        """A warehouse with exactly these tables; ``folder`` is empty, or was used for it before."""
        raise NotImplementedError(f"{type(self).__name__} must define make().")

    def test_tables_are_listed_sorted(self, tmp_path: Path) -> None:
        """`tables` names everything there is."""
        assert self.make(tmp_path, {"b": _ROWS, "a": _ROWS}).tables() == ("a", "b")

    def test_columns_have_googlesql_types(self, tmp_path: Path) -> None:
        """`columns` speaks GoogleSQL, in the table's order."""
        assert list(self.make(tmp_path, {"t": _ROWS}).columns("t").items()) == [
            ("i", "INT64"),
            ("f", "FLOAT64"),
            ("s", "STRING"),
            ("b", "BOOL"),
            ("t", "TIMESTAMP"),
            ("d", "DATE"),
        ]

    def test_values_come_back_as_they_are(self, tmp_path: Path) -> None:
        """Types, NULLs, extremes and odd characters of stored rows survive."""
        found = self.make(tmp_path, {"t": _ROWS}).run(_select("SELECT * FROM t", t="t"))
        assert found.schema.equals(_ROWS.schema)
        assert sorted(found.to_pylist(), key=repr) == sorted(_ROWS.to_pylist(), key=repr)

    def test_local_rows_come_back_as_they_are(self, tmp_path: Path) -> None:
        """Rows that a query brings along keep types, NULLs and odd characters."""
        query = Query(
            tree=parse_query("SELECT * FROM mine ORDER BY i"),
            relations={"mine": LocalRows(rows=_ROWS)},
        )
        found = self.make(tmp_path, {"t": _ROWS}).run(query)
        assert found.schema.equals(_ROWS.schema)
        assert found.to_pylist() == [_ROWS.to_pylist()[k] for k in (1, 2, 0)]

    @pytest.mark.parametrize("value", [True, 7, 2**62, 0.1, _EVIL, _MOMENT, date(2024, 2, 29)])
    def test_parameters_are_bound(self, tmp_path: Path, value: Value) -> None:
        """A value arrives as itself, whatever it looks like."""
        query = Query(tree=parse_query("SELECT @p AS p"), parameters={"p": value})
        assert self.make(tmp_path, {"t": _ROWS}).run(query).to_pylist() == [{"p": value}]

    def test_lists_are_bound(self, tmp_path: Path) -> None:
        """A tuple is an array."""
        query = Query(
            tree=parse_query("SELECT s FROM t WHERE s IN UNNEST(@wanted)"),
            parameters={"wanted": (_EVIL, "b")},
            relations={"t": PhysicalTable(name="t")},
        )
        assert self.make(tmp_path, {"t": _ROWS}).run(query).to_pylist() == [{"s": _EVIL}]

    def test_odd_names_are_quoted(self, tmp_path: Path) -> None:
        """A column whose name would be a statement is a column."""
        name = 'x"; DROP TABLE t; --'
        warehouse = self.make(tmp_path, {"t": pa.table({name: [1]})})
        query = _select(f"SELECT `{name}` AS x FROM t", t="t")  # noqa: S608 (the point)
        assert warehouse.run(query).to_pylist() == [{"x": 1}]

    @pytest.mark.parametrize("threads", [1, 2, 4])
    def test_order_and_exact_sums(self, tmp_path: Path, threads: int) -> None:
        """ORDER BY holds, and sums of NUMERIC are exact, at any number of threads."""
        rows = pa.table({"k": [i % 100 for i in range(20_000)], "x": [0.1] * 20_000})
        query = _select(
            "SELECT k, CAST(SUM(CAST(x AS NUMERIC)) AS STRING) AS s FROM t GROUP BY k ORDER BY k",
            t="t",
        )
        found = self.make(tmp_path, {"t": rows}).run(query, threads=threads)
        assert found["k"].to_pylist() == list(range(100))
        assert {float(text) for text in found["s"].to_pylist()} == {20.0}

    @pytest.mark.parametrize(
        ("kind", "value"), [("INT64", 2**62), ("NUMERIC", 5 * 10**28)], ids=["INT64", "NUMERIC"]
    )
    def test_a_sum_that_its_type_cannot_hold(self, tmp_path: Path, kind: str, value: int) -> None:
        """It is an error, and never another number."""
        tree = parse_query(f"SELECT SUM(CAST(x AS {kind})) AS s FROM t")  # noqa: S608 (a constant)
        query = Query(tree=tree, relations={"t": PhysicalTable(name="t")})
        rows = pa.table({"x": [str(value)] * 2})
        with pytest.raises(WarehouseError):
            self.make(tmp_path, {"t": rows}).run(query)

    @pytest.mark.parametrize("sizes", [(3,), (2, 0, 3), (0, 0, 1, 4), (0, 0)])
    def test_parts_are_answered_as_each_alone(self, tmp_path: Path, sizes: tuple[int, ...]) -> None:
        """`run_parts` gives the rows of each part, in the part's order."""
        events = pa.table({"who": [1, 2, 2, 9], "x": [1.5, 2.0, 3.0, 4.0]})
        warehouse = self.make(tmp_path, {"events": events})
        tree = parse_query(
            "WITH mine AS (SELECT entity_id, as_of FROM entities) SELECT mine.entity_id, "
            "mine.as_of, SUM(events.x) AS total FROM mine LEFT JOIN events ON events.who = "
            "mine.entity_id GROUP BY entity_id, as_of ORDER BY entity_id, as_of"
        )
        times = [_MOMENT, _MOMENT.replace(year=2025)]
        keys = [(entity, at) for entity in (2, 9, 1) for at in times]
        columns = {"entity_id": [who for who, _ in keys], "as_of": [at for _, at in keys]}
        schema = pa.schema([("entity_id", pa.int64()), ("as_of", pa.timestamp("us", tz="UTC"))])
        entities, parts, start = pa.table(columns, schema), [], 0
        for size in sizes:
            part = entities.slice(start, size)
            parts.append(part.sort_by([("entity_id", "ascending"), ("as_of", "ascending")]))
            start += size
        relations: dict[str, PhysicalTable | LocalRows] = {
            "entities": LocalRows(rows=entities.slice(0, 0)),
            "events": PhysicalTable(name="events"),
        }
        query = Query(tree=tree, relations=relations)
        found = list(warehouse.run_parts(query, "entities", parts))
        alone = [warehouse.run(query.with_rows("entities", part)) for part in parts]
        assert [answer.to_pylist() for answer in found] == [each.to_pylist() for each in alone]
        assert {answer.schema for answer in found} == {each.schema for each in alone}

    def test_parts_may_be_answered_by_several_rows_each(self, tmp_path: Path) -> None:
        """Rows of one entity row come in any order, those of others in that of the keys."""
        events = pa.table({"who": [1, 2, 2, 2, 9], "x": [1, 4, 2, 3, 5]})
        warehouse = self.make(tmp_path, {"events": events})
        tree = parse_query(
            "SELECT entities.entity_id, entities.as_of, events.x FROM entities "
            "LEFT JOIN events ON events.who = entities.entity_id ORDER BY entity_id, as_of"
        )
        schema = pa.schema([("entity_id", pa.int64()), ("as_of", pa.timestamp("us", tz="UTC"))])
        parts = [
            pa.table({"entity_id": users, "as_of": [_MOMENT] * len(users)}, schema)
            for users in ([2, 7], [], [1, 9])
        ]
        relations: dict[str, PhysicalTable | LocalRows] = {
            "entities": LocalRows(rows=parts[1]),
            "events": PhysicalTable(name="events"),
        }
        query = Query(tree=tree, relations=relations)
        found = [
            list(zip(answer["entity_id"].to_pylist(), answer["x"].to_pylist(), strict=True))
            for answer in warehouse.run_parts(query, "entities", parts)
        ]
        assert [sorted(rows, key=str) for rows in found] == [
            [(2, 2), (2, 3), (2, 4), (7, None)],
            [],
            [(1, 1), (9, 5)],
        ]
        assert [[who for who, _ in rows] for rows in found] == [[2, 2, 2, 7], [], [1, 9]]

    def test_stream_gives_the_same_rows(self, tmp_path: Path) -> None:
        """`stream` is `run` in pieces."""
        warehouse = self.make(tmp_path, {"t": pa.table({"x": list(range(1000))})})
        query = _select("SELECT x FROM t ORDER BY x", t="t")
        assert pa.Table.from_batches(warehouse.stream(query)).equals(warehouse.run(query))

    def test_no_rows_keep_their_schema(self, tmp_path: Path) -> None:
        """An empty answer has columns and types."""
        found = self.make(tmp_path, {"t": _ROWS}).run(_select("SELECT * FROM t WHERE FALSE", t="t"))
        assert found.num_rows == 0
        assert found.schema.equals(_ROWS.schema)

    def test_a_stream_of_no_rows_has_a_schema(self, tmp_path: Path) -> None:
        """It is one empty batch."""
        query = _select("SELECT * FROM t WHERE FALSE", t="t")
        [batch] = self.make(tmp_path, {"t": _ROWS}).stream(query)
        assert batch.num_rows == 0
        assert batch.schema.equals(_ROWS.schema)

    def test_a_snapshot_is_its_content(self, tmp_path: Path) -> None:
        """It stays while a table does, and changes with it."""
        warehouse = self.make(tmp_path, {"a": _ROWS, "b": _ROWS})
        before = warehouse.snapshot(["a", "b"])
        assert set(before) == {"a", "b"}
        assert warehouse.snapshot(["b", "a"]) == before
        after = self.make(tmp_path, {"a": _ROWS.slice(0, 2), "b": _ROWS}).snapshot(["a"])
        assert set(after) == {"a"}
        assert after["a"] != before["a"]

    def test_unknown_tables_are_named(self, tmp_path: Path) -> None:
        """A missing table is an error that says which."""
        warehouse = self.make(tmp_path, {"t": _ROWS})
        with pytest.raises(WarehouseError, match="tt"):
            warehouse.run(_select("SELECT * FROM tt", tt="tt"))
        with pytest.raises(WarehouseError, match="tt"):
            warehouse.snapshot(["tt"])


def _select(text: str, **tables: str) -> Query:
    relations = {name: PhysicalTable(name=table) for name, table in tables.items()}
    return Query(tree=parse_query(text), relations=relations)
