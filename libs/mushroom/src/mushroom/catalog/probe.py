"""Asks the warehouse what it makes of a catalogue's expressions and columns."""

from __future__ import annotations

import pyarrow as pa
from sqlglot import exp

from mushroom.errors import QueryError, WarehouseError
from mushroom.googlesql import parse_expression
from mushroom.query import PhysicalTable, Query
from mushroom.warehouse.protocol import Warehouse

__all__ = ["expression_fault", "unreadable_texts"]


def expression_fault(
    warehouse: Warehouse, table: str, expression: str, *, wanted: str | None
) -> str:
    """What is wrong with an expression over a table; empty: nothing. No row is read.

    Args:
        warehouse: The warehouse.
        table: Its name of the table.
        expression: A GoogleSQL expression over the table's columns.
        wanted: `number` or `condition`; None: any type will do.
    """
    value = exp.alias_(parse_expression(expression), "value", quoted=True)
    tree = exp.select(value).from_("t").limit(0)
    query = Query(tree=tree, relations={"t": PhysicalTable(name=table)})
    try:
        found = warehouse.run(query).schema.field("value").type
    except (QueryError, WarehouseError) as error:
        reason = str(error.__cause__ or error).splitlines()[0].rstrip(".")
        reason = reason.removeprefix("line 1: ")
        return f"the warehouse cannot compute {expression!r}: {reason}."
    if wanted == "condition" and not pa.types.is_boolean(found):
        return f"{expression!r} must be a condition, true or false; it is of the type {found}."
    if wanted == "number" and not _is_number(found):
        return f"{expression!r} must be a number; it is of the type {found}."
    return ""


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
    tree = (
        exp.select(
            exp.alias_(exp.Count(this=exp.Star()), "texts"),
            exp.alias_(exp.Min(this=text.copy()), "example"),
        )
        .from_("t")
        .where(is_odd)
    )
    query = Query(tree=tree, relations={"t": PhysicalTable(name=table)})
    [found] = warehouse.run(query).to_pylist()
    if not found["texts"]:
        return f"; all its texts can be read, so store them as {kind}"
    return f"; {found['texts']} of its texts cannot be read, such as {found['example']!r:.80}"


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )
