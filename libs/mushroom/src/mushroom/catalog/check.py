"""Holds a catalogue against the warehouse that it speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from mushroom.catalog.lines import describe_faults
from mushroom.catalog.model import Attributes, Catalog, Column, Events
from mushroom.catalog.probe import expression_faults, unreadable_texts
from mushroom.catalog.references import reference_faults
from mushroom.errors import CatalogError, Fault, WarehouseError
from mushroom.googlesql import parse_expression
from mushroom.names import suggest
from mushroom.warehouse.protocol import Warehouse

__all__ = ["check_catalog"]

_TIMES = ("TIMESTAMP", "DATETIME", "DATE")
_IDS = ("INT64", "STRING")
_NO_TYPE = '"NULL"'
"""What DuckDB calls the type of a column in Parquet that never held a value."""
_NUMBERS = ("INT64", "FLOAT64", "NUMERIC", "BIGNUMERIC", _NO_TYPE)
_WORDS = ("STRING", "BOOL", *_NUMBERS, *_TIMES, "TIME")
"""What both warehouses make the same kind of text of; one alone casts lists or bytes."""
_READ_AS = {_TIMES: "TIMESTAMP", _NUMBERS: "FLOAT64"}


@dataclass(frozen=True, kw_only=True)
class _ColumnUse:
    """A column that an entry speaks of, and the types that it may have there."""

    path: tuple[str, ...]
    column: str
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _ExpressionUse:
    """An expression that an entry holds, and what it must give."""

    path: tuple[str, ...]
    expression: str
    wanted: str | None = None


_Use = _ColumnUse | _ExpressionUse


def check_catalog(catalog: Catalog, warehouse: Warehouse) -> Catalog:
    """The catalogue with the types of its columns filled in.

    Args:
        catalog: The catalogue.
        warehouse: Where its tables should lie.

    Raises:
        CatalogError: A table or column is not in the warehouse, or has a type that its use
            forbids; the message has one line for each fault, with the line of the catalogue's file
            if it was read from one.
    """
    faults: list[Fault] = []
    tables: dict[str, Events | Attributes] = {}
    known = warehouse.tables()
    for name, table in catalog.tables.items():
        try:
            types = warehouse.columns(table.table)
        except WarehouseError as error:
            # A warehouse may have tables beyond those that it lists.
            hint = suggest(table.table, known)
            is_missing = table.table not in known and "." not in table.table
            message = f"the warehouse has no table {table.table!r}; {hint}"
            faults.append(
                Fault(path=("tables", name, "table"), message=message if is_missing else str(error))
            )
            continue
        uses = list(_uses(table))
        unfit = _unfit(uses, warehouse, table.table, types)
        faults.extend(
            Fault(path=("tables", name, *use.path), message=message)
            for use in uses
            for message in (*_complaints(use, warehouse, table.table, types), *unfit.get(use, ()))
        )
        tables[name] = table.model_copy(update={"types": types})
    faults.extend(reference_faults(catalog, {name: table.types for name, table in tables.items()}))
    if faults:
        raise CatalogError(describe_faults(faults, catalog.file), faults=faults)
    return catalog.model_copy(update={"tables": tables})


def _unfit(
    uses: Sequence[_Use], warehouse: Warehouse, table: str, types: Mapping[str, str]
) -> dict[_Use, tuple[str, ...]]:
    """What the warehouse says of the expressions whose columns are all there."""
    asked = [use for use in uses if isinstance(use, _ExpressionUse) and not _missing(use, types)]
    found = expression_faults(warehouse, table, [(use.expression, use.wanted) for use in asked])
    return {use: (fault,) for use, fault in zip(asked, found, strict=True) if fault}


def _missing(use: _ExpressionUse, types: Mapping[str, str]) -> list[str]:
    named = {node.parts[0].name for node in parse_expression(use.expression).find_all(exp.Column)}
    return sorted(named - set(types))


def _complaints(
    use: _Use, warehouse: Warehouse, table: str, types: Mapping[str, str]
) -> Iterator[str]:
    if isinstance(use, _ExpressionUse):
        for column in _missing(use, types):
            yield f"{table!r} has no column {column!r}; {suggest(column, types)}"
    elif use.column not in types:
        yield f"{table!r} has no column {use.column!r}; {suggest(use.column, types)}"
    elif use.allowed and types[use.column] not in use.allowed:
        allowed = " or ".join(kind for kind in use.allowed if kind != _NO_TYPE)
        message = (
            f"the column {use.column!r} must be of the type {allowed}, got {types[use.column]}"
        )
        wanted = _READ_AS.get(use.allowed)
        if types[use.column] == "STRING" and wanted is not None:
            message += unreadable_texts(warehouse, table, use.column, kind=wanted)
        yield f"{message}."


def _uses(table: Events | Attributes) -> Iterator[_Use]:
    yield _ColumnUse(path=("entity",), column=table.entity, allowed=_IDS)
    if table.where is not None:
        yield _ExpressionUse(path=("where",), expression=table.where, wanted="condition")
    if isinstance(table, Attributes):
        if table.valid_from is not None:
            yield _ColumnUse(path=("valid_from",), column=table.valid_from, allowed=_TIMES)
        yield from _values("columns", table.columns)
        return
    yield _ColumnUse(path=("time",), column=table.time, allowed=_TIMES)
    if table.available_at is not None:
        yield _ColumnUse(path=("available_at",), column=table.available_at, allowed=_TIMES)
    for name, reference in table.references.items():
        yield _ColumnUse(path=("references", name, "column"), column=reference.column, allowed=_IDS)
    yield from _values("measures", table.measures, allowed=_NUMBERS, wanted="number")
    yield from _values("categories", table.categories, allowed=_WORDS)


def _values(
    section: str,
    columns: Mapping[str, Column],
    *,
    allowed: tuple[str, ...] = (),
    wanted: str | None = None,
) -> Iterator[_Use]:
    for name, column in columns.items():
        if column.column is not None:
            yield _ColumnUse(path=(section, name), column=column.column, allowed=allowed)
        elif column.expression is not None:
            path = (section, name, "expression")
            yield _ExpressionUse(path=path, expression=column.expression, wanted=wanted)
        if column.known_at is not None and column.known_at.column is not None:
            path = (section, name, "known_at")
            yield _ColumnUse(path=path, column=column.known_at.column, allowed=_TIMES)
