from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, cast

import pyarrow as pa
import pytest
from mushroom import LocalRows, PhysicalTable, Query, QueryError, parse_query
from mushroom.query import value_type

T = PhysicalTable(name="shop.t")


def test_layout_does_not_change_the_text() -> None:
    one = Query(tree=parse_query("select a from t -- why\n where a>1"), relations={"t": T})
    two = Query(tree=parse_query("SELECT a FROM t WHERE a > 1"), relations={"t": T})
    assert one.sql == two.sql == "SELECT\n  a\nFROM t\nWHERE\n  a > 1"
    assert one.identity() == two.identity()


def test_the_identity_is_text_typed_values_and_tables() -> None:
    query = Query(
        tree=parse_query("SELECT @n, @d, @l FROM t JOIN mine USING (x)"),
        parameters={"n": 1, "d": date(2024, 1, 1), "l": (1.5, 2.0)},
        relations={"t": T, "mine": LocalRows(rows=pa.table({"x": [1]}))},
    )
    assert query.tables == ("shop.t",)
    assert query.identity() == {
        "sql": "SELECT\n  @n,\n  @d,\n  @l\nFROM t\nJOIN mine\n  USING (x)",
        "parameters": {
            "d": ["DATE", "2024-01-01"],
            "l": ["ARRAY<FLOAT64>", [1.5, 2.0]],
            "n": ["INT64", 1],
        },
        "tables": {"t": "shop.t"},
    }


def test_the_identity_tells_types_apart_and_not_zones() -> None:
    def identity(value: Any) -> dict[str, object]:
        return Query(tree=parse_query("SELECT @p"), parameters={"p": value}).identity()

    assert identity(1) != identity(1.0) != identity(Decimal(1))
    assert identity(True) != identity(1)
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    assert identity(moment) == identity(moment.astimezone(timezone(timedelta(hours=9))))


def test_with_rows_puts_local_rows_in() -> None:
    query = Query(
        tree=parse_query("SELECT x FROM mine"),
        relations={"mine": LocalRows(rows=pa.table({"x": pa.array([], pa.int64())}))},
    )
    filled = query.with_rows("mine", pa.table({"x": [1]}))
    found = filled.relations["mine"]
    assert isinstance(found, LocalRows)
    assert found.rows.to_pylist() == [{"x": 1}]
    assert filled.identity() == query.identity()
    assert not cast("LocalRows", query.relations["mine"]).rows.num_rows
    with pytest.raises(QueryError, match="relation 'yours' is given, but the query does not use"):
        query.with_rows("yours", pa.table({"x": [1]}))


def test_other_rows_do_not_walk_the_tree_again(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = LocalRows(rows=pa.table({"x": [1]}))
    query = Query(tree=parse_query("SELECT x FROM mine"), relations={"mine": rows})
    monkeypatch.setattr(type(query.tree), "walk", lambda *_args, **_options: pytest.fail("walked"))

    assert query.with_rows("mine", pa.table({"x": [2]})).tables == ()


@pytest.mark.parametrize(
    ("text", "parameters", "relations", "message"),
    [
        ("SELECT 1 FROM t", {}, {}, "uses the relation 't', which is not given; given: \\[\\]"),
        ("SELECT 1", {}, {"t": T}, "relation 't' is given, but the query does not use it"),
        ("SELECT @a", {}, {}, "uses the parameter 'a', which is not given"),
        ("SELECT 1", {"a": 1}, {}, "parameter 'a' is given, but the query does not use it"),
        ("SELECT @a", {"a": datetime(2024, 1, 1)}, {}, "bound to @a needs a time zone, got 2024"),
        ("SELECT @a", {"a": ()}, {}, "bound to @a must hold values of one type, got \\(\\)"),
        ("SELECT @a", {"a": (1, "b")}, {}, "bound to @a must hold values of one type"),
        ("SELECT @a", {"a": None}, {}, "Cannot bind None to @a: its type is NoneType"),
    ],
)
def test_what_does_not_fit_is_refused(
    text: str, parameters: dict[str, Any], relations: dict[str, PhysicalTable], message: str
) -> None:
    with pytest.raises(QueryError, match=message):
        Query(tree=parse_query(text), parameters=parameters, relations=relations)


def test_every_value_has_a_googlesql_type() -> None:
    values = [True, 1, 1.0, "a", Decimal(1), date(2024, 1, 1), datetime(2024, 1, 1, tzinfo=UTC)]
    types = ["BOOL", "INT64", "FLOAT64", "STRING", "NUMERIC", "DATE", "TIMESTAMP"]
    assert [value_type(value) for value in values] == types
    assert value_type(("a", "b")) == "ARRAY<STRING>"
