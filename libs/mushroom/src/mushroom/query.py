"""A query is a value: a GoogleSQL syntax tree, the values bound to it, the relations it reads."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property

import pyarrow as pa
from sqlglot import exp

from mushroom.errors import QueryError
from mushroom.googlesql import base_tables
from mushroom.names import check_text

__all__ = [
    "LocalRows",
    "PhysicalTable",
    "Query",
    "Scalar",
    "Value",
    "value_type",
]

_TYPE_NAMES: dict[type, str] = {
    bool: "BOOL",
    int: "INT64",
    float: "FLOAT64",
    str: "STRING",
    Decimal: "NUMERIC",
    datetime: "TIMESTAMP",
    date: "DATE",
}

Scalar = bool | int | float | str | Decimal | date | datetime
Value = Scalar | tuple[Scalar, ...]


@dataclass(frozen=True, kw_only=True)
class PhysicalTable:
    """A table as the warehouse names it.

    Raises:
        QueryError: The name is no text.
    """

    name: str

    def __post_init__(self) -> None:
        check_text(self.name, what="The name of a warehouse's table", error=QueryError)


@dataclass(frozen=True, kw_only=True, eq=False)
class LocalRows:
    """Rows that the query brings along, such as the entities."""

    rows: pa.Table


@dataclass(frozen=True, kw_only=True)
class Query:
    """One SELECT in GoogleSQL.

    Attributes:
        tree: The syntax tree (sqlglot, dialect `bigquery`); it names relations by logical name.
        parameters: The values bound as `@name`. A datetime needs a time zone.
        relations: What each logical name in the tree stands for.
        by_entity: Of these relations rows matter only to the entity that the expression over their
            columns says: an entity row's answer is the same without the rows of others. Warehouses
            may cut such tables by it, and then leave out what `mushroom.googlesql.sparing` marks.

    Raises:
        QueryError: A relation or a parameter of the tree is missing, or one given is not used.
    """

    tree: exp.Expr
    parameters: Mapping[str, Value] = field(default_factory=dict)
    relations: Mapping[str, PhysicalTable | LocalRows] = field(default_factory=dict)
    by_entity: Mapping[str, exp.Expr] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_names(
            "relation", {table.name for table in base_tables(self.tree)}, set(self.relations)
        )
        used = {parameter.name for parameter in self.tree.find_all(exp.Parameter)}
        _check_names("parameter", used, set(self.parameters))
        for name, value in self.parameters.items():
            value_type(value, name=name)

    @cached_property
    def sql(self) -> str:
        """Canonical GoogleSQL text: the same whatever layout the query was written in."""
        return self.tree.sql(dialect="bigquery", pretty=True, comments=False)

    @property
    def tables(self) -> tuple[str, ...]:
        """The warehouse's tables that the query reads, sorted."""
        physical = (r.name for r in self.relations.values() if isinstance(r, PhysicalTable))
        return tuple(sorted(set(physical)))

    def with_rows(self, name: str, rows: pa.Table) -> Query:
        """The same query over other local rows for the relation `name`."""
        relations = {**self.relations, name: LocalRows(rows=rows)}
        if name not in self.relations:
            return replace(self, relations=relations)  # which refuses it
        # The names are checked already: walking the tree again for each shard takes its time.
        other = copy(self)
        object.__setattr__(other, "relations", relations)
        return other

    def identity(self) -> dict[str, object]:
        """What the query means, as JSON: its text, its typed values, its tables by logical name.

        Local rows are not part of it: they are a task's upstream, which has an identity of its own.
        Nor is `by_entity`, which follows from the text.
        """
        return {
            "sql": self.sql,
            "parameters": {
                name: [value_type(value), _as_json(value)]
                for name, value in sorted(self.parameters.items())
            },
            "tables": {
                name: relation.name
                for name, relation in sorted(self.relations.items())
                if isinstance(relation, PhysicalTable)
            },
        }


def value_type(value: Value, *, name: str = "") -> str:
    """The GoogleSQL type that a Python value is bound as.

    Raises:
        QueryError: No type fits: a naive datetime, an empty or mixed list, another class.
    """
    if isinstance(value, tuple):
        types = {value_type(element, name=name) for element in value}
        if len(types) != 1:
            raise QueryError(
                f"The list bound to @{name} must hold values of one type, got {value!r}."
            )
        return f"ARRAY<{types.pop()}>"
    if isinstance(value, datetime) and value.tzinfo is None:
        raise QueryError(f"The time bound to @{name} needs a time zone, got {value.isoformat()}.")
    if type(value) not in _TYPE_NAMES:
        raise QueryError(f"Cannot bind {value!r} to @{name}: its type is {type(value).__name__}.")
    return _TYPE_NAMES[type(value)]


def _check_names(what: str, used: set[str], given: set[str]) -> None:
    if missing := sorted(used - given):
        raise QueryError(
            f"The query uses the {what} {missing[0]!r}, which is not given; given: {sorted(given)}."
        )
    if unused := sorted(given - used):
        raise QueryError(f"The {what} {unused[0]!r} is given, but the query does not use it.")


def _as_json(value: Value) -> object:
    if isinstance(value, tuple):
        return [_as_json(element) for element in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
