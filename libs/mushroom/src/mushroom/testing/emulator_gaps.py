"""What the emulator's SQL cannot do or does otherwise, and how to ask it all the same.

`DEVIATIONS` are the answers of the functions' contract that are not GoogleSQL's; `around` writes a
query otherwise, so that the rest of it can be tried over the wire. Where the emulator catches up,
the contract fails, and the entry goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlglot import exp

from mushroom.googlesql import parse_query
from mushroom.query import Query

__all__ = ["DEVIATIONS", "around"]

_SUMMER = "TIMESTAMP '2024-03-31 01:30:15.250000+00'"
_NO_ZONE = (
    'error: Conversion Error: time field value out of range: "Europe/Berlin", expected format is '
    "([YYYY-MM-DD ]HH:MM:SS[.MS])."
)
_NO_WEEK = 'error: Conversion Error: extract specifier "ISOWEEK" not recognized.'

DEVIATIONS: Mapping[str, str] = {
    # A half is cast to the even neighbour, not away from zero.
    "CAST(2.5 AS INT64)": "INT64 2",
    # A NUMERIC has three decimals, not nine.
    "CAST('1.23456789' AS NUMERIC)": "NUMERIC 1.235",
    # A time zone is understood as a literal, but not as a parameter.
    f"DATETIME({_SUMMER}, @zone)": _NO_ZONE,
    f"EXTRACT(HOUR FROM {_SUMMER} AT TIME ZONE @zone)": _NO_ZONE,
    "TIMESTAMP(DATE '2024-03-31', @zone)": 'error: Parser Error: syntax error at or near "CAST".',
    # DuckDB truncates: weeks begin on Sundays or are not known, and a column becomes a DATETIME.
    "DATE_DIFF(DATE '2024-04-01', DATE '2024-03-31', ISOWEEK)": "INT64 0",
    "DATE_TRUNC(DATE '2024-03-31', ISOWEEK)": _NO_WEEK,
    "DATE_TRUNC(DATE '2024-03-31', WEEK(MONDAY))": "DATE 2024-03-31",
    "(SELECT MIN(DATE_TRUNC(d, MONTH)) FROM UNNEST([DATE '2024-03-31']) AS d)": (
        "DATETIME 2024-03-01T00:00:00"
    ),
    # Boundaries between two instants are counted, not whole intervals.
    "TIMESTAMP_DIFF(TIMESTAMP '2024-01-02 01:00:00+00', TIMESTAMP '2024-01-01 23:00:00+00', DAY)": (
        "INT64 1"
    ),
    "TIMESTAMP_DIFF(TIMESTAMP '2024-01-01 00:00:02.1+00', "
    "TIMESTAMP '2024-01-01 00:00:00.9+00', SECOND)": "INT64 2",
    "TIMESTAMP_DIFF(TIMESTAMP '2024-01-01 00:00:00.9+00', "
    "TIMESTAMP '2024-01-01 00:00:02.1+00', SECOND)": "INT64 -2",
}
"""By expression, what the emulator answers instead, or the error that it ends with."""

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
