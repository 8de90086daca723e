"""Empty tables and some values, over which a method can be tried without any data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mushroom.catalog import Attributes, Catalog
from mushroom.methods.declaration import ParameterDeclaration, TableDeclaration
from mushroom.methods.method import Method

__all__ = ["empty_catalog", "some_values", "write_empty_tables"]

_VALUES = {
    "bool": True,
    "int64": 1,
    "float64": 0.5,
    "numeric": "0.5",
    "string": "a",
    "date": "2024-01-01",
    "timestamp": "2024-01-01",
}
_INSTANT = pa.timestamp("us", tz="UTC")


def empty_catalog(method: Method) -> Catalog:
    """A catalogue with a table for each that the method declares, with just what it needs."""
    tables = {name: _entry(name, table) for name, table in method.declaration.tables.items()}
    return Catalog.model_validate({"tables": tables or {"nothing": _entry("nothing", _NOTHING)}})


def write_empty_tables(catalog: Catalog, folder: Path) -> None:
    """The tables of such a catalogue, without rows, as files in a folder."""
    for table in catalog.tables.values():
        columns: dict[str, pa.DataType] = {table.entity: pa.string()}
        if isinstance(table, Attributes):
            if table.valid_from is not None:
                columns[table.valid_from] = _INSTANT
            columns |= dict.fromkeys(table.columns, pa.string())
        else:
            columns[table.time] = _INSTANT
            columns |= dict.fromkeys(table.measures, pa.float64())
            columns |= dict.fromkeys(table.categories, pa.string())
        empty = pa.schema(columns).empty_table()
        pq.write_table(empty, folder / f"{table.table}.parquet")


def some_values(parameters: Mapping[str, ParameterDeclaration]) -> dict[str, Any]:
    """A value for each parameter that needs one."""
    return {
        name: _some_value(parameter)
        for name, parameter in parameters.items()
        if parameter.default is None
    }


_NOTHING = TableDeclaration(kind="events")


def _entry(name: str, table: TableDeclaration) -> dict[str, Any]:
    entry: dict[str, Any] = {"kind": table.kind, "table": name, "entity": "an_entity"}
    if table.kind == "events":
        measures, categories = (
            {n: n for n in names} for names in (table.measures, table.categories)
        )
        return {**entry, "time": "a_time", "measures": measures, "categories": categories}
    versions = {"valid_from": "a_time"} if table.versioned else {}
    return {**entry, **versions, "columns": list(table.columns) or ["a_column"]}


def _some_value(parameter: ParameterDeclaration) -> Any:
    if parameter.one_of:
        return parameter.one_of[0]
    if parameter.type.startswith("array<"):
        return [_VALUES[parameter.type[6:-1]]]
    bounds = [bound for bound in (parameter.at_least, parameter.at_most) if bound is not None]
    return bounds[0] if bounds else _VALUES[parameter.type]
