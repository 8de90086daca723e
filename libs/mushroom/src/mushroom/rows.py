"""Tables of entities and times: how a configuration names their columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from mushroom.errors import EntityError, Fault
from mushroom.labels import ROW_WEIGHT
from mushroom.names import suggest
from mushroom.parsing import parse_options
from mushroom.warehouse import Warehouse

__all__ = ["RowOptions", "check_columns", "parse_rows"]

_FIELDS = {"entity_id": ("entity",), "as_of": ("as_of",), "data_until": ("data_until",)}
_FIELDS |= {ROW_WEIGHT: ("weight",)}
"""The options' fields that name the columns of an entity's rows."""


class RowOptions(BaseModel):
    """Where rows lie that are to be described, and what their columns mean."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str = Field(description="The warehouse's table.")
    entity: str = Field(description="The column with the entity's id.")
    as_of: str = Field(description="The column with the time as of which a row is described.")
    data_until: str | None = Field(
        default=None, description="The column that says until when data may be used; else `as_of`."
    )

    @property
    def columns(self) -> dict[str, str]:
        """The columns to read, by the name that each gets."""
        keys = {"entity_id": self.entity, "as_of": self.as_of, "data_until": self.data_until}
        return {name: column for name, column in keys.items() if column is not None}


def parse_rows(rows: Any) -> RowOptions:
    """The row options in a JSON value.

    Raises:
        EntityError: The value does not fit; the message has one line for each fault.
    """
    return parse_options(RowOptions, rows, called="rows")


def check_columns(
    warehouse: Warehouse, table: str, columns: Mapping[str, str], *, what: str
) -> None:
    """Refuse columns that a table lacks.

    Args:
        warehouse: Where it lies.
        table: The warehouse's name of it.
        columns: The columns, by what they are for: `entity_id`, `as_of`, `data_until`, or a target.
        what: What the table is, as an error begins: "The labels' table".

    Raises:
        EntityError: There are some; the message suggests others.
    """
    known = warehouse.columns(table)
    faults = [
        Fault(
            path=_FIELDS.get(name, ("targets", name)),
            message=f"{what} {table!r} has no column {column!r} for {name}; "
            f"{suggest(column, known)}",
        )
        for name, column in columns.items()
        if column not in known
    ]
    if faults:
        raise EntityError("\n".join(fault.message for fault in faults), faults=faults)
