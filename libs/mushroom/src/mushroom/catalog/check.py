"""Holds a catalogue against the warehouse that it speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp

from mushroom.catalog.lines import describe_faults
from mushroom.catalog.model import Attributes, Catalog, Column, Events
from mushroom.errors import CatalogError, Fault
from mushroom.googlesql import parse_expression
from mushroom.names import suggest
from mushroom.warehouse.protocol import Warehouse

__all__ = ["check_catalog"]

_TIMES = ("TIMESTAMP", "DATETIME", "DATE")
_IDS = ("INT64", "STRING")
_NUMBERS = ("INT64", "FLOAT64", "NUMERIC", "BIGNUMERIC")


@dataclass(frozen=True, kw_only=True)
class _Use:
    """A column that an entry speaks of."""

    path: tuple[str, ...]
    column: str
    allowed: tuple[str, ...] = ()


def check_catalog(catalog: Catalog, warehouse: Warehouse) -> Catalog:
    """The catalogue with the types of its columns filled in.

    Args:
        catalog: the catalogue.
        warehouse: where its tables should lie.

    Raises:
        CatalogError: a table or column is not in the warehouse, or has a type that its use
            forbids; the message has one line for each fault, with the line of the catalogue's file
            if it was read from one.
    """
    faults: list[Fault] = []
    tables: dict[str, Events | Attributes] = {}
    known = warehouse.tables()
    for name, table in catalog.tables.items():
        if table.table not in known:
            hint = suggest(table.table, known)
            message = f"the warehouse has no table {table.table!r}; {hint}"
            faults.append(Fault(path=("tables", name, "table"), message=message))
            continue
        types = warehouse.columns(table.table)
        for use in _uses(table):
            if message := _complaint(use, table.table, types):
                faults.append(Fault(path=("tables", name, *use.path), message=message))
        tables[name] = table.model_copy(update={"types": types})
    if faults:
        raise CatalogError(describe_faults(faults, catalog.file), faults=faults)
    return catalog.model_copy(update={"tables": tables})


def _complaint(use: _Use, table: str, types: Mapping[str, str]) -> str:
    if use.column not in types:
        return f"{table!r} has no column {use.column!r}; {suggest(use.column, types)}"
    if use.allowed and types[use.column] not in use.allowed:
        return (
            f"the column {use.column!r} must be of the type {' or '.join(use.allowed)}, "
            f"got {types[use.column]}."
        )
    return ""


def _uses(table: Events | Attributes) -> Iterator[_Use]:
    yield _Use(path=("entity",), column=table.entity, allowed=_IDS)
    if table.where is not None:
        yield from _mentioned(("where",), table.where)
    if isinstance(table, Attributes):
        if table.valid_from is not None:
            yield _Use(path=("valid_from",), column=table.valid_from, allowed=_TIMES)
        yield from _columns("columns", table.columns)
        return
    yield _Use(path=("time",), column=table.time, allowed=_TIMES)
    if table.available_at is not None:
        yield _Use(path=("available_at",), column=table.available_at, allowed=_TIMES)
    yield from _columns("measures", table.measures, _NUMBERS)
    yield from _columns("categories", table.categories)


def _columns(
    section: str, columns: Mapping[str, Column], allowed: tuple[str, ...] = ()
) -> Iterator[_Use]:
    for name, column in columns.items():
        if column.column is not None:
            yield _Use(path=(section, name), column=column.column, allowed=allowed)
        elif column.expression is not None:
            yield from _mentioned((section, name, "expression"), column.expression)


def _mentioned(path: tuple[str, ...], expression: str) -> Iterator[_Use]:
    for node in parse_expression(expression).find_all(exp.Column):
        yield _Use(path=path, column=node.parts[0].name)
