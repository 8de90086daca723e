"""Parses GoogleSQL, and refuses what would make results depend on anything but the data."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError
from sqlglot.optimizer.scope import traverse_scope

from mushroom.errors import QueryError
from mushroom.names import check_text

__all__ = [
    "base_tables",
    "line_of",
    "parse_expression",
    "parse_query",
    "sparing",
    "without_sparing",
]

_DIALECT = "bigquery"
_SPARING = "spares work"

_CHANGING = (
    exp.CurrentDate,
    exp.CurrentDatetime,
    exp.CurrentTime,
    exp.CurrentTimestamp,
    exp.Rand,
    exp.SessionUser,
    exp.TableSample,
    exp.Uuid,
)
"""What gives another answer each time it is asked."""

_NOT_OF_ONE_ROW = (
    exp.AggFunc,
    exp.Alias,
    exp.Parameter,
    exp.Placeholder,
    exp.Query,
    exp.Star,
    exp.Table,
    exp.Window,
)


def parse_query(text: str) -> exp.Query:
    """The syntax tree of one GoogleSQL SELECT.

    Raises:
        QueryError: The text does not parse, is anything but a single SELECT, or asks for the
            present time or for random numbers.
    """
    check_text(text, what="A query", error=QueryError)
    statements = _parse(text, shown=text)
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise QueryError(f"Expected one SELECT statement, got {text.strip()[:80]!r}.")
    _check_repeatable(statements[0])
    return statements[0]


def parse_expression(text: str) -> exp.Expr:
    """The syntax tree of one GoogleSQL expression over the columns of a row.

    Raises:
        QueryError: The text does not parse; needs more than one row (a subquery, an aggregate, a
            window); or asks for the present time or for random numbers.
    """
    statements = _parse(f"SELECT {text}", shown=text)
    select = statements[0]
    if (
        len(statements) != 1
        or not isinstance(select, exp.Select)
        or {name for name, value in select.args.items() if value} != {"expressions"}
        or len(select.expressions) != 1
    ):
        raise QueryError(f"Expected one GoogleSQL expression, got {text!r}.")
    expression: exp.Expr = select.expressions[0]
    if expression.find(*_NOT_OF_ONE_ROW):
        raise QueryError(
            f"The expression {text!r} may speak of the columns of one row only: no subquery, "
            "aggregate, window, parameter, alias or star."
        )
    _check_repeatable(expression)
    return expression.pop()


def base_tables(tree: exp.Expr) -> list[exp.Table]:
    """The table nodes of a tree that stand for relations, common table expressions aside.

    Raises:
        QueryError: A table is qualified (`dataset.table`), or is a function; relations go by their
            logical name.
    """
    tables = [
        node
        for scope in traverse_scope(tree)
        for node in scope.tables
        if isinstance(scope.sources.get(node.alias_or_name), exp.Table)
    ]
    for table in tables:
        if table.db or not isinstance(table.this, exp.Identifier):
            raise QueryError(
                f"The query reads from {table.sql(dialect=_DIALECT)}; use a logical name "
                "instead, and UNNEST(...) for an array column.",
                line=line_of(table),
            )
    return tables


def sparing(condition: exp.Expr) -> exp.Expr:
    """A copy of a condition, marked as one that leaves out rows of nobody who is asked for.

    It spares work where a table is read as a whole, and is work where it has been cut by entity.
    """
    marked = condition.copy()
    marked.meta[_SPARING] = True
    return marked


def without_sparing(tree: exp.Expr) -> exp.Expr:
    """A copy of a tree in which every condition that `sparing` has marked holds."""
    return tree.transform(lambda node: exp.true() if node.meta_get(_SPARING) else node)


def line_of(node: exp.Expr) -> int | None:
    """The line of a text that a node was parsed from, from 1; None where all was built in code."""
    around: exp.Expr | None = node
    while around is not None:
        lines = [part.meta["line"] for part in around.walk() if "line" in part.meta]
        if lines:
            return int(node.meta.get("line", lines[0] if around is node else min(lines)))
        around = around.parent
    return None


def _parse(text: str, *, shown: str) -> list[exp.Expr | None]:
    try:
        return list(sqlglot.parse(text, dialect=_DIALECT))
    except SqlglotError as error:
        raise QueryError(
            f"{shown.strip()!r:.80} is not valid GoogleSQL: {_reason(error)}.", line=_line(error)
        ) from error


def _reason(error: SqlglotError) -> str:
    if isinstance(error, ParseError) and error.errors:
        first = error.errors[0]
        description = str(first["description"]).split(" for <class")[0].rstrip(".")
        return f"{description} near {first['highlight']!r}"
    return str(error).splitlines()[0].rstrip(".")


def _line(error: SqlglotError) -> int | None:
    if isinstance(error, ParseError) and error.errors:
        line: int | None = error.errors[0]["line"]
        return line
    return None


def _check_repeatable(tree: exp.Expr) -> None:
    if found := tree.find(*_CHANGING):
        raise QueryError(
            f"{found.sql(dialect=_DIALECT)} gives another answer each time; pass the value as a "
            "parameter instead.",
            line=line_of(found),
        )
