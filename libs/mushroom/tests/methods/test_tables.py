"""Which tables a method takes, and under what names it reads their columns."""

from pathlib import Path
from typing import Any

import pytest
from mushroom import Catalog, MethodError, Source, load_method, open_warehouse, parse_method
from mushroom.methods.bind import bind_method

TIME = {"since": "2024-01-01", "until": "2024-02-01"}


def answer(source: Source, method: Any, tables: dict[str, Any], **parameters: Any) -> list[Any]:
    catalog = Catalog.model_validate(source.catalog)
    query = bind_method(method, catalog, tables=tables, parameters=parameters)
    found = open_warehouse(source.warehouse, root=Path(source.root)).run(query)
    rows: list[Any] = found.to_pylist()
    return rows


def test_other_columns_stand_for_those_that_a_method_names(source: Source) -> None:
    tables = {"users": {"table": "people", "columns": {"stratum": "country"}}}
    assert answer(source, load_method("stratified_sample"), tables, per_stratum=1) == [
        {"entity_id": 1, "stratum": "DE"},
        {"entity_id": 4, "stratum": "FR"},
    ]


def test_a_table_may_be_called_like_a_part_of_the_method(source: Source) -> None:
    """It is the catalogue's table that is read, not the method's own part of that name."""
    text = """
    /* tables: {events: events} */
    WITH orders AS (SELECT 99 AS entity_id)
    SELECT (SELECT COUNT(*) FROM events) AS events, (SELECT MAX(entity_id) FROM orders) AS own
    ORDER BY 1
    """
    found = answer(source, parse_method(text, name="m"), {"events": "orders"})
    assert found == [{"events": 4, "own": 99}]


def test_one_table_may_stand_for_two(source: Source) -> None:
    tables = {"impressions": "orders", "clicks": "orders"}
    [first, _] = answer(source, load_method("clicks"), tables, **TIME)
    assert first == {"item": "a", "shown": 2, "clicks": 2, "clickers": 2, "click_rate": 1.0}


def test_columns_that_only_a_join_names_are_read(source: Source) -> None:
    text = """
    /* tables: {a: events, b: events} */
    SELECT COUNT(*) AS n FROM a JOIN b USING (item) ORDER BY n
    """
    tables = {"a": "orders", "b": "orders"}
    assert answer(source, parse_method(text, name="m"), tables) == [{"n": 5}]


@pytest.mark.parametrize(
    ("method", "tables", "message"),
    [
        (
            "purchases",
            {"purchases": "orders"},
            "needs 'amount' among the measures of 'orders'",
        ),
        (
            "purchases",
            {"purchases": {"table": "orders", "columns": {"amount": "item"}}},
            "needs 'amount' among the measures of 'orders'.* it has revenue",
        ),
        (
            "purchases",
            {"purchases": {"table": "orders", "columns": {"amount": "revenu"}}},
            "has nothing named 'revenu' to stand for 'amount'; did you mean 'revenue'",
        ),
        (
            "purchases",
            {"purchases": {"table": "orders", "columns": {"amout": "revenue"}}},
            "asks for nothing named 'amout' of 'orders'; did you mean 'amount'",
        ),
        ("users_as_of", {"users": "people"}, "with `valid_from`; 'people' is one without"),
        ("purchases", {"purchases": {"tabel": "orders"}}, "must be a name, or .*, got {'tabel'"),
        ("purchases", {"purchases": 3}, "must be a name, or .*, got 3"),
    ],
)
def test_tables_that_do_not_fit_are_refused(
    source: Source, method: str, tables: dict[str, Any], message: str
) -> None:
    values = {"as_of": "2024-01-01"} if method == "users_as_of" else TIME
    with pytest.raises(MethodError, match=message):
        answer(source, load_method(method), tables, **values)


def test_a_value_must_be_one_of_those_declared(source: Source) -> None:
    with pytest.raises(MethodError, match="expected one of day, week, month, got 'year'"):
        answer(source, load_method("active_users"), {"events": "orders"}, period="year", **TIME)
