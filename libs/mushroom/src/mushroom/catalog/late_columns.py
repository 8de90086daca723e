"""Columns that one entry of a catalogue says are known later, and another reads at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlglot import exp

from mushroom.catalog.known_at import KnownAt
from mushroom.catalog.model import Attributes, Catalog, Column, Events
from mushroom.errors import CatalogError
from mushroom.googlesql import parse_expression
from mushroom.names import texts

__all__ = ["LateColumn", "late_columns"]

_Table = Events | Attributes


@dataclass(frozen=True, kw_only=True)
class LateColumn:
    """A value that the catalogue has known with its row, and not, too.

    Attributes:
        name: What reads the column at once: `table.name`, or `table.where`.
        reason: A sentence: the column, and who says since when it is known.
    """

    name: str
    reason: str


def late_columns(catalog: Catalog, tables: Iterable[str]) -> tuple[LateColumn, ...]:
    """What contradicts a `known_at` of the same catalogue.

    A company's table may be mapped by several entries, and a column by several names. Where one has
    a `known_at`, no other may have it known with the row: unless its rows count from another time
    on, as those of calls that have ended do.

    Args:
        catalog: The catalogue.
        tables: The logical names of the tables that are read.

    Returns:
        By the names of tables, then in the order of the catalogue.

    Raises:
        CatalogError: The catalogue has no such table.
    """
    return tuple(
        LateColumn(
            name=f"{name}.{read}",
            reason=f"`{name}.{read}` reads the column `{column}` of {table.table}, which by "
            f"`{where}.{late}` is known {known}. Say the same `known_at` of it, or leave it out.",
        )
        for name in sorted(set(texts(tables, what="`tables`", error=CatalogError)))
        for table in [catalog.table(name)]
        for read, column in _read_at_once(table)
        for where, late, known in _known_later(catalog, table, column)
    )


def _read_at_once(table: _Table) -> Iterator[tuple[str, str]]:
    """What is read with the row, and each column of the table that it reads."""
    if table.where is not None:
        yield from (("where", column) for column in _spoken_of(table.where))
    for name, value in _values(table):
        if value.known_at is None:
            yield from ((name, column) for column in _columns(value))


def _known_later(
    catalog: Catalog, table: _Table, column: str
) -> Iterator[tuple[str, str, KnownAt]]:
    """The first entry that has a column of the same table known later than its row."""
    for where, other in sorted(catalog.tables.items()):
        for name, value in _values(other):
            known = value.known_at
            if known is None or other.table != table.table or _columns(value) != [column]:
                continue
            if known.is_after_outcome or _row_time(other) == _row_time(table):
                yield where, name, known
                return


def _values(table: _Table) -> Iterable[tuple[str, Column]]:
    if isinstance(table, Attributes):
        return table.columns.items()
    return (*table.measures.items(), *table.categories.items())


def _columns(value: Column) -> list[str]:
    return [value.column] if value.column is not None else _spoken_of(str(value.expression))


def _spoken_of(expression: str) -> list[str]:
    found = parse_expression(expression).find_all(exp.Column)
    return sorted({column.name for column in found})


def _row_time(table: _Table) -> str | None:
    return table.valid_from if isinstance(table, Attributes) else table.available_at or table.time
