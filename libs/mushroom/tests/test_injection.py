"""Attempts to smuggle SQL in: none changes what a query does, or reads another table."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mushroom import (
    Catalog,
    MushroomError,
    Query,
    Warehouse,
    check_catalog,
    load_method,
    open_warehouse,
)
from mushroom.methods.bind import bind_method
from mushroom.testing.injections import INJECTIONS as ATTEMPTS
from mushroom.warehouse.duckdb.compile import compile_query
from sqlglot import exp

pytestmark = pytest.mark.one_python

CANARY = "canary-7f3a"

TIME = {"since": "2024-01-01", "until": "2024-02-01"}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    tmp_path = tmp_path_factory.mktemp("shop")
    orders = {"who": [1], "at": [datetime(2024, 1, 6)], "item": ["tea"]}
    pq.write_table(pa.table(orders), tmp_path / "orders.parquet")
    pq.write_table(pa.table({"name": [CANARY], "who": [9]}), tmp_path / "secrets.parquet")
    return open_warehouse(f"duckdb:{tmp_path}", root=tmp_path)


def catalog(**changes: Any) -> Catalog:
    entry = {"kind": "events", "table": "orders", "entity": "who", "time": "at"}
    return Catalog.model_validate({"tables": {"orders": {**entry, **changes}}})


def shape(query: Query) -> str:
    return compile_query(query, table=lambda name: exp.table_(name, quoted=True))


def assert_harmless(warehouse: Warehouse, query: Query) -> None:
    """It reads the one table that was named, and answers without the other's content."""
    assert query.tables == ("orders",)
    assert CANARY not in str(warehouse.run(query).to_pylist())


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_value_stays_a_value(warehouse: Warehouse, attempt: str) -> None:
    checked = check_catalog(catalog(categories={"question": "item", "answer": "item"}), warehouse)

    def ask(question: str, answers: list[str]) -> Query:
        values = {"question": question, "answers": answers, **TIME}
        method = load_method("label_survey")
        return bind_method(method, checked, tables={"answers": "orders"}, parameters=values)

    query = ask(attempt, [attempt, "b"])
    assert shape(query) == shape(ask("a", ["a", "b"]))
    assert query.sql == ask("a", ["a", "b"]).sql
    assert warehouse.run(query).num_rows == 0
    assert_harmless(warehouse, query)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_name_in_the_catalogue_is_a_name_that_must_be_there(
    warehouse: Warehouse, attempt: str
) -> None:
    """Whoever writes the catalogue may name any table of the warehouse, and nothing else."""
    fields = ("entity", "time") if attempt in warehouse.tables() else ("table", "entity", "time")
    for field in fields:
        with pytest.raises(MushroomError, match=r"no table|no column"):
            check_catalog(catalog(**{field: attempt}), warehouse)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_an_odd_name_that_is_there_is_quoted(tmp_path: Path, attempt: str) -> None:
    """A column may be called anything."""
    rows = pa.table({"who": [1], "at": pa.array([0], pa.timestamp("us")), attempt: ["tea"]})
    pq.write_table(rows, tmp_path / "orders.parquet")
    pq.write_table(pa.table({"name": [CANARY]}), tmp_path / "secrets.parquet")
    warehouse = open_warehouse(f"duckdb:{tmp_path}", root=tmp_path)
    checked = check_catalog(catalog(categories={"item": attempt}), warehouse)
    time = {"since": "1969-01-01", "until": "2024-02-01"}
    method = load_method("article_views")
    query = bind_method(method, checked, tables={"views": "orders"}, parameters=time)
    assert warehouse.run(query)["item"].to_pylist() == ["tea"]
    assert_harmless(warehouse, query)


@pytest.mark.parametrize("attempt", ATTEMPTS)
@pytest.mark.parametrize("field", ["where", "expression"])
def test_an_expression_speaks_of_its_own_row(
    warehouse: Warehouse, field: str, attempt: str
) -> None:
    changes = {"where": attempt} if field == "where" else {"categories": {"item": {field: attempt}}}
    try:
        checked = check_catalog(catalog(**changes), warehouse)
    except (MushroomError, ValueError):
        return  # refused, with its place: see tests/catalog
    method = load_method("event_log")
    query = bind_method(method, checked, tables={"events": "orders"}, parameters=TIME)
    assert_harmless(warehouse, query)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_choice_of_table_or_column_must_be_the_catalogue_s(
    warehouse: Warehouse, attempt: str
) -> None:
    checked = check_catalog(catalog(categories={"item": "item"}), warehouse)
    choices = [
        {"views": attempt},
        {"views": {"table": attempt}},
        {"views": {"table": "orders", "columns": {"item": attempt}}},
        {"views": {"table": "orders", "columns": {attempt: "item"}}},
        {attempt: "orders"},
    ]
    for tables in choices:
        with pytest.raises(
            MushroomError, match=r"has no table|has nothing named|needs a table|asks for nothing"
        ):
            bind_method(load_method("article_views"), checked, tables=tables, parameters=TIME)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_name_of_a_parameter_must_be_declared(warehouse: Warehouse, attempt: str) -> None:
    checked = check_catalog(catalog(categories={"item": "item"}), warehouse)
    given = {**TIME, attempt: 1}
    with pytest.raises(MushroomError, match="has no parameter"):
        bind_method(
            load_method("article_views"), checked, tables={"views": "orders"}, parameters=given
        )


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_method_s_name_is_no_path(attempt: str) -> None:
    with pytest.raises(MushroomError, match="There is no method named"):
        load_method(attempt)
