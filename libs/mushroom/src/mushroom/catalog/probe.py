"""Asks the warehouse what it makes of a catalogue's expressions and columns."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from sqlglot import exp

from mushroom.errors import QueryError, WarehouseError
from mushroom.googlesql import parse_expression
from mushroom.query import PhysicalTable, Query
from mushroom.warehouse.protocol import Warehouse

__all__ = ["expression_faults", "unreadable_texts"]


def expression_faults(
    warehouse: Warehouse, table: str, expressions: Sequence[tuple[str, str | None]]
) -> list[str]:
    """What is wrong with expressions over a table; empty texts: nothing. No row is read.

    All are asked at once, and each for itself only where that fails.

    Args:
        warehouse: The warehouse.
        table: Its name of the table.
        expressions: GoogleSQL expressions over the table's columns, each with what is wanted:
            `number` or `condition`; None: any type will do.
    """
    if not expressions:
        return []
    try:
        kinds = _kinds(warehouse, table, [expression for expression, _ in expressions])
    except (QueryError, WarehouseError):
        return [_fault(warehouse, table, *each) for each in expressions]
    return [_misfit(*each, kind) for each, kind in zip(expressions, kinds, strict=True)]


def unreadable_texts(warehouse: Warehouse, table: str, column: str, *, kind: str) -> str:
    """Words on the texts of a column that are no times or numbers; one is enough to spoil a CSV.

    Args:
        warehouse: The warehouse.
        table: Its name of the table.
        column: A column of the type STRING.
        kind: The GoogleSQL type that was wanted.
    """
    text = exp.column(column, quoted=True)
    read = exp.TryCast(this=text, to=exp.DataType.build(kind, dialect="bigquery"))
    is_odd = exp.and_(exp.Is(this=read, expression=exp.Null()), text.is_(exp.Null()).not_())
    tree = exp.select(
        exp.alias_(exp.Count(this=text.copy()), "texts"),
        exp.alias_(exp.CountIf(this=is_odd), "odd"),
        exp.alias_(exp.Min(this=exp.If(this=is_odd.copy(), true=text.copy())), "example"),
    ).from_("t")
    query = Query(tree=tree, relations={"t": PhysicalTable(name=table)})
    [found] = warehouse.run(query).to_pylist()
    if not found["texts"]:
        return "; it holds no text that would tell more, and Parquet tells types without any"
    if not found["odd"]:
        return f"; all its texts can be read, so store them as {kind}"
    return f"; {found['odd']} of its texts cannot be read, such as {found['example']!r:.80}"


def _kinds(warehouse: Warehouse, table: str, expressions: Sequence[str]) -> list[pa.DataType]:
    values = (
        exp.alias_(parse_expression(expression), f"value_{place}", quoted=True)
        for place, expression in enumerate(expressions)
    )
    tree = exp.select(*values).from_("t").limit(0)
    query = Query(tree=tree, relations={"t": PhysicalTable(name=table)})
    return list(warehouse.run(query).schema.types)


def _fault(warehouse: Warehouse, table: str, expression: str, wanted: str | None) -> str:
    try:
        [kind] = _kinds(warehouse, table, [expression])
    except (QueryError, WarehouseError) as error:
        reason = str(error.__cause__ or error).splitlines()[0].rstrip(".")
        reason = reason.removeprefix("line 1: ")
        return f"the warehouse cannot compute {expression!r}: {reason}."
    return _misfit(expression, wanted, kind)


def _misfit(expression: str, wanted: str | None, kind: pa.DataType) -> str:
    if wanted == "condition" and not pa.types.is_boolean(kind):
        return f"{expression!r} must be a condition, true or false; it is of the type {kind}."
    if wanted == "number" and not _is_number(kind):
        return f"{expression!r} must be a number; it is of the type {kind}."
    return ""


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )
