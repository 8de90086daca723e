"""Holds a catalogue against the warehouse that it speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlglot import exp

from mushroom.catalog.model import Attributes, Catalog, Column, Events
from mushroom.errors import CatalogError
from mushroom.names import suggest
from mushroom.query import parse_expression
from mushroom.warehouse.protocol import Warehouse

__all__ = ["check_catalog"]

_TIMES = ("TIMESTAMP", "DATETIME", "DATE")
_IDS = ("INT64", "STRING")
_NUMBERS = ("INT64", "FLOAT64", "NUMERIC", "BIGNUMERIC")


def check_catalog(catalog: Catalog, warehouse: Warehouse) -> Catalog:
    """The catalogue with the types of its columns filled in.

    Raises:
        CatalogError: a table or column is not in the warehouse, or has a type that its use
            forbids; the message has one line for each fault.
    """
    faults: list[str] = []
    tables: dict[str, Events | Attributes] = {}
    known = warehouse.tables()
    for name, table in catalog.tables.items():
        if table.table not in known:
            faults.append(
                f"`tables.{name}.table`: the warehouse has no table {table.table!r}; "
                f"{suggest(table.table, known)}"
            )
            continue
        types = warehouse.columns(table.table)
        for path, column, allowed in _uses(table):
            where = f"`tables.{name}.{path}`"
            if column not in types:
                faults.append(
                    f"{where}: {table.table!r} has no column {column!r}; {suggest(column, types)}"
                )
            elif allowed and types[column] not in allowed:
                faults.append(
                    f"{where}: the column {column!r} must be of the type {' or '.join(allowed)}, "
                    f"got {types[column]}."
                )
        tables[name] = table.model_copy(update={"types": types})
    if faults:
        raise CatalogError("\n".join(faults))
    return catalog.model_copy(update={"tables": tables})


def _uses(table: Events | Attributes) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each column that an entry speaks of: its field path, its name, the types it may have."""
    yield "entity", table.entity, _IDS
    if table.where is not None:
        yield from _mentioned("where", table.where)
    if isinstance(table, Attributes):
        if table.valid_from is not None:
            yield "valid_from", table.valid_from, _TIMES
        yield from _columns("columns", table.columns)
        return
    yield "time", table.time, _TIMES
    if table.available_at is not None:
        yield "available_at", table.available_at, _TIMES
    yield from _columns("measures", table.measures, _NUMBERS)
    yield from _columns("categories", table.categories)


def _columns(
    section: str, columns: Mapping[str, Column], allowed: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for name, column in columns.items():
        if column.column is not None:
            yield f"{section}.{name}.column", column.column, allowed
        elif column.expression is not None:
            yield from _mentioned(f"{section}.{name}.expression", column.expression)


def _mentioned(path: str, expression: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for node in parse_expression(expression).find_all(exp.Column):
        yield path, node.name, ()
