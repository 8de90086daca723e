"""Rows that count from when all that is wanted of them is known, as GoogleSQL expressions.

A value with a `known_at` of its own comes later than its row. Point-in-time correctness then has
two ways: to count the row without the value, or to count it later. Here it is the latter: a mean
over some rows and a count of others would not go together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlglot import exp

from mushroom.catalog.expressions import instant
from mushroom.catalog.known_at import KnownAt
from mushroom.catalog.model import Attributes, Column, Events
from mushroom.errors import CatalogError
from mushroom.names import suggest

__all__ = ["known_instants", "latest_of", "named_columns", "times_needed"]


def named_columns(columns: Mapping[str, Column], names: Sequence[str], what: str) -> list[Column]:
    """The measures, categories or columns of these names.

    Raises:
        CatalogError: The table has no such.
    """
    for name in names:
        if name not in columns:
            raise CatalogError(f"There is no {what} named {name!r}; {suggest(name, columns)}")
    return [columns[name] for name in names]


def known_instants(
    table: Events | Attributes, columns: Iterable[Column], *, row_time: str, timezone: str
) -> list[exp.Expr]:
    """The times, each once, at which values come to be known that are not known with their row.

    Args:
        table: The table.
        columns: The values wanted. What is known after the outcome has no time.
        row_time: The column with the row's own time, from which a delay counts.
        timezone: How times without a zone are read.
    """
    return [
        instant(table, known.column, timezone)
        if known.column is not None
        else _delayed(instant(table, row_time, timezone), known.delay_s)
        for known in _timed(columns)
    ]


def times_needed(columns: Iterable[Column], *, row_time: str) -> list[str]:
    """The columns that must hold a time, or else the values are not known yet."""
    return [known.column or row_time for known in _timed(columns)]


def latest_of(time: exp.Expr, *others: exp.Expr) -> exp.Expr:
    """The latest of some times, none of which is NULL."""
    return exp.Greatest(this=time, expressions=list(others)) if others else time


def _timed(columns: Iterable[Column]) -> Iterator[KnownAt]:
    known = (column.known_at for column in columns)
    return iter(dict.fromkeys(k for k in known if k is not None and not k.is_after_outcome))


def _delayed(time: exp.Expr, delay_s: int | None) -> exp.Expr:
    seconds = exp.Literal.string(str(delay_s))
    return exp.TimestampAdd(this=time, expression=seconds, unit=exp.var("SECOND"))
