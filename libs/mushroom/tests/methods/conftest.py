"""Asks a method about tables written in the test."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mushroom import Catalog, Warehouse, check_catalog, load_method, open_warehouse
from mushroom.methods.answer import check_answer
from mushroom.methods.bind import bind_method
from mushroom.testing.emulator_gaps import around

ZONE = "Europe/Berlin"
KEYS = ("who", "at", "valid_from")

MakeWarehouse = Callable[[Mapping[str, pa.Table]], Warehouse]
Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(params=["duckdb", pytest.param("bigquery", marks=pytest.mark.emulator)])
def make_warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> MakeWarehouse:
    """How to make a warehouse that holds given tables; each kind is a parameter here."""
    if request.param == "bigquery":
        url, fill = request.getfixturevalue("url"), request.getfixturevalue("fill")

        def in_dataset(tables: Mapping[str, pa.Table]) -> Warehouse:
            fill(url, tables)
            return open_warehouse(url, root=tmp_path)

        return in_dataset

    def in_folder(tables: Mapping[str, pa.Table]) -> Warehouse:
        for name, table in tables.items():
            pq.write_table(table, tmp_path / f"{name}.parquet")
        return open_warehouse(f"duckdb:{tmp_path}", root=tmp_path)

    return in_folder


@pytest.fixture
def ask(make_warehouse: MakeWarehouse) -> Ask:
    """Ask a method, on one thread and on several; rows come back as tuples, times as local texts.

    Each table is a list of columns' names and then its rows. `who` is the entity, `at` (a local
    time as text) makes it a table of events, other texts are categories and other numbers measures;
    without `at` it is a table of attributes, with versions if it has `valid_from`.
    """

    def answer(
        method: str, tables: Mapping[str, Sequence[Sequence[Any]]], **parameters: Any
    ) -> list[tuple[Any, ...]]:
        written = {name: _table(rows) for name, rows in tables.items()}
        warehouse = make_warehouse(written)
        entries = {name: _entry(name, table) for name, table in written.items()}
        catalog = Catalog.model_validate({"timezone": ZONE, "tables": entries})
        query = bind_method(
            load_method(method),
            check_catalog(catalog, warehouse),
            tables={name: name for name in tables},
            parameters=parameters,
        )
        if warehouse.url.startswith("bigquery:"):
            query = around(query)
        found = warehouse.run(query, threads=1)
        assert warehouse.run(query, threads=4).equals(found)
        check_answer(load_method(method), found.schema)
        columns = [[_shown(value) for value in column.to_pylist()] for column in found.columns]
        return list(zip(*columns, strict=True))

    return answer


def _table(rows: Sequence[Sequence[Any]]) -> pa.Table:
    names, *values = rows
    columns = {}
    for place, name in enumerate(names):
        column = [row[place] for row in values]
        if name in ("at", "valid_from"):
            column = [None if text is None else datetime.fromisoformat(text) for text in column]
        columns[name] = pa.array(column, _kind(name, column))
    return pa.table(columns)


def _kind(name: str, column: Sequence[Any]) -> pa.DataType | None:
    """The type of a column that holds nothing to tell it by; None where it does."""
    if name in ("at", "valid_from"):
        return pa.timestamp("us")
    known = any(value is not None for value in column)
    return None if known else pa.int64() if name == "who" else pa.string()


def _entry(name: str, table: pa.Table) -> dict[str, Any]:
    others = [field for field in table.schema if field.name not in KEYS]
    if "at" not in table.column_names:
        versions = {"valid_from": "valid_from"} if "valid_from" in table.column_names else {}
        columns = [field.name for field in others]
        return {
            "kind": "attributes",
            "table": name,
            "entity": "who",
            "columns": columns,
            **versions,
        }
    sections: dict[str, dict[str, str]] = {"measures": {}, "categories": {}}
    for field in others:
        is_number = pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
        sections["measures" if is_number else "categories"][field.name] = field.name
    return {"kind": "events", "table": name, "entity": "who", "time": "at", **sections}


def _shown(value: Any) -> Any:
    """Local times as `2024-03-31 03:30+02`, so that the two of an hour that comes twice differ."""
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(ZONE))
        clock = local.replace(tzinfo=None).isoformat(" ").removesuffix(":00")
        return f"{clock}{local:%z}"[:-2]
    return value.isoformat() if isinstance(value, date) else value
