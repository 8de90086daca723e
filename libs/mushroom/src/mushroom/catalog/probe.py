"""Asks the warehouse what it makes of a catalogue's expressions, without reading a row."""

from __future__ import annotations

import pyarrow as pa
from sqlglot import exp

from mushroom.errors import WarehouseError
from mushroom.googlesql import parse_expression
from mushroom.query import PhysicalTable, Query
from mushroom.warehouse.protocol import Warehouse

__all__ = ["expression_fault"]


def expression_fault(
    warehouse: Warehouse, table: str, expression: str, *, wanted: str | None
) -> str:
    """What is wrong with an expression over a table; empty: nothing.

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
    except WarehouseError as error:
        reason = str(error.__cause__ or error).splitlines()[0].rstrip(".")
        return f"the warehouse cannot compute {expression!r}: {reason}."
    if wanted == "condition" and not pa.types.is_boolean(found):
        return f"{expression!r} must be a condition, true or false; it is of the type {found}."
    if wanted == "number" and not _is_number(found):
        return f"{expression!r} must be a number; it is of the type {found}."
    return ""


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )
