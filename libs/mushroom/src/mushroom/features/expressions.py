"""The few GoogleSQL expressions that feature methods are built from.

All of them give the same value whatever the order of the rows and the number of threads.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

__all__ = [
    "as_float",
    "column",
    "count",
    "days",
    "dense_rank",
    "divide",
    "equal",
    "is_known",
    "micros",
    "named",
    "number",
    "or_zero",
    "quotient",
    "rank",
    "total",
    "when",
    "whole",
]

_DAY_US = 24 * 60 * 60 * 1_000_000


def column(name: str, table: str | None = None) -> exp.Column:
    """A column by its name, quoted."""
    return exp.column(name, table=table, quoted=True)


def number(value: int) -> exp.Expr:
    """An integer literal."""
    return exp.Literal.number(value)


def named(value: exp.Expr, name: str) -> exp.Expr:
    """The value under a name; it becomes a part of the new tree, not a copy."""
    return exp.alias_(value, name, quoted=True, copy=False)


def equal(left: exp.Expr, right: exp.Expr) -> exp.EQ:
    """``left = right``."""
    return exp.EQ(this=left, expression=right)


def is_known(value: exp.Expr) -> exp.Expr:
    """Whether the value is not NULL."""
    return exp.Not(this=exp.Is(this=value, expression=exp.null()))


def micros(time: exp.Expr) -> exp.Expr:
    """Microseconds since 1970 of a TIMESTAMP: exact, whatever the session's time zone."""
    return exp.func("UNIX_MICROS", time, dialect="bigquery")


def when(condition: exp.Expr | None, value: exp.Expr) -> exp.Expr:
    """``value`` where the condition holds, else NULL; without a condition, ``value``."""
    if condition is None:
        return value
    return exp.If(this=condition.copy(), true=value, false=exp.null())


def count(condition: exp.Expr | None) -> exp.Expr:
    """The number of rows for which the condition holds; without a condition, of all rows."""
    if condition is None:
        return exp.Count(this=exp.Star())
    # COUNTIF would be a HUGEINT in DuckDB.
    return exp.Count(this=when(condition, number(1)))


def as_float(value: exp.Expr) -> exp.Expr:
    """The value as FLOAT64."""
    return exp.cast(value, exp.DataType.build("FLOAT64", dialect="bigquery"))


def divide(above: exp.Expr, below: exp.Expr) -> exp.Expr:
    """The quotient of two floats; NULL where the divisor is zero."""
    return exp.SafeDivide(this=above, expression=below)


def days(duration_us: exp.Expr) -> exp.Expr:
    """Microseconds as days of 24 hours."""
    return divide(as_float(duration_us), as_float(number(_DAY_US)))


def rank(*, order: Sequence[exp.Expr], by: Sequence[exp.Expr] = ()) -> exp.Expr:
    """The row's place in an order, counted from 1 among the rows that are equal in ``by``."""
    return exp.Window(
        this=exp.RowNumber(),
        partition_by=list(by),
        order=exp.Order(expressions=list(order)),
    )


def dense_rank(*, by: exp.Expr, order: exp.Expr) -> exp.Expr:
    """The place of the row's value in an order, counted from 1; equal values have one place."""
    return exp.Window(
        this=exp.DenseRank(),
        partition_by=[by],
        order=exp.Order(expressions=[exp.Ordered(this=order)]),
    )


def quotient(above: exp.Expr, below: int) -> exp.Expr:
    """The whole quotient of an INT64 that is not negative."""
    return exp.IntDiv(this=exp.paren(above), expression=number(below))


def whole(value: exp.Expr) -> exp.Expr:
    """An INT64 as an exact decimal, of which products and sums of squares do not overflow."""
    numeric = exp.cast(value, exp.DataType.build("NUMERIC", dialect="bigquery"))
    return exp.Round(this=numeric, decimals=number(0))


def total(value: exp.Expr) -> exp.Expr:
    """The sum of INT64s, as INT64."""
    # SUM would be a HUGEINT in DuckDB.
    return exp.cast(exp.Sum(this=value), exp.DataType.build("INT64", dialect="bigquery"))


def or_zero(value: exp.Expr) -> exp.Expr:
    """The number, or zero for NULL."""
    return exp.Coalesce(this=value, expressions=[number(0)])
