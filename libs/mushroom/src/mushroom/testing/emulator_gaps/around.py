"""Writes a query otherwise, so that the rest of it can be tried on the emulator."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from mushroom.googlesql import parse_query
from mushroom.query import Query

__all__ = ["around"]

_MICROSECONDS = {"SECOND": 10**6, "MINUTE": 60 * 10**6, "HOUR": 3600 * 10**6, "DAY": 86_400 * 10**6}
_ZONED = (exp.AtTimeZone, exp.Datetime, exp.Timestamp)


def around(query: Query) -> Query:
    """The same question without what the emulator cannot do.

    Time zones are written as literals, Mondays found by the day of the week, whole intervals
    counted in microseconds, and what is rounded to nine decimals is a FLOAT64.
    """
    tree = query.tree.copy()
    for node in list(tree.find_all(*_ZONED)):
        for parameter in list(node.find_all(exp.Parameter)):
            if parameter.parent is node:
                parameter.replace(exp.Literal.string(str(query.parameters[parameter.name])))
    for node in list(tree.find_all(exp.DateTrunc)):
        is_week = node.args["unit"].sql("bigquery").strip("'") in ("ISOWEEK", "WEEK(MONDAY)")
        day = _monday(node.this) if is_week else node.copy()
        node.replace(exp.cast(day, exp.DataType.build("DATE", dialect="bigquery")))
    for node in list(tree.find_all(exp.TimestampDiff)):
        if size := _MICROSECONDS.get(node.args["unit"].name):
            node.replace(_whole(node, size))
    for node in list(tree.find_all(exp.Round)):
        if isinstance(node.this, exp.Cast) and node.args["decimals"].name == "9":
            node.replace(
                exp.cast(node.this.this, exp.DataType.build("FLOAT64", dialect="bigquery"))
            )
    used = {parameter.name for parameter in tree.find_all(exp.Parameter)}
    parameters = {name: value for name, value in query.parameters.items() if name in used}
    return replace(query, tree=tree, parameters=parameters)


def _expression(text: str, **parts: exp.Expr) -> exp.Expr:
    """An expression whose columns of these names are replaced."""
    found: exp.Expr = parse_query(f"SELECT ({text})").selects[0]
    for node in list(found.find_all(exp.Column)):
        node.replace(parts[node.name].copy())
    return found


def _monday(day: exp.Expr) -> exp.Expr:
    text = "DATE_SUB(day, INTERVAL MOD(EXTRACT(DAYOFWEEK FROM day) + 5, 7) DAY)"
    return _expression(text, day=day)


def _whole(node: exp.TimestampDiff, size: int) -> exp.Expr:
    return _expression(
        "DIV(TIMESTAMP_DIFF(later, earlier, MICROSECOND), size)",
        later=node.this,
        earlier=node.expression,
        size=exp.Literal.number(size),
    )
