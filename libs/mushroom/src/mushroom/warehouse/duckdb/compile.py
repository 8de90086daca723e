"""From a query in GoogleSQL to the text that DuckDB runs."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from mushroom.googlesql import base_tables
from mushroom.query import LocalRows, PhysicalTable, Query, value_type

__all__ = ["compile_query"]

# GoogleSQL's NUMERIC has 38 digits, 9 of them decimals; DuckDB's bare DECIMAL has 18 and 3.
_NUMERIC = "DECIMAL(38, 9)"


def compile_query(query: Query, *, table: Callable[[str], exp.Table]) -> str:
    """DuckDB's text of a query, in which every identifier is quoted and every value is bound.

    Args:
        query: The query.
        table: Gives the node by which DuckDB knows a physical table. Local rows of the relation
            `r` are expected to be registered as `rows:r`.
    """
    tree = query.tree.copy()
    for node in base_tables(tree):
        replacement = _relation(node.name, query.relations[node.name], table)
        alias = node.args.get("alias") or exp.TableAlias(
            this=exp.to_identifier(node.name, quoted=True)
        )
        replacement.set("alias", alias)
        for name in ("joins", "pivots", "sample"):
            if node.args.get(name):
                replacement.set(name, node.args[name])
        node.replace(replacement)
    for parameter in list(tree.find_all(exp.Parameter)):
        kind = exp.DataType.build(value_type(query.parameters[parameter.name]), dialect="bigquery")
        parameter.replace(exp.Cast(this=parameter.copy(), to=kind))
    for rounded in list(tree.find_all(exp.Round)):
        _round_in_one_step(rounded)
    for kind in tree.find_all(exp.DataType):
        if _is_bare_numeric(kind):
            kind.replace(exp.DataType.build(_NUMERIC, dialect="duckdb"))
    return tree.sql(dialect="duckdb", identify=True, pretty=True, comments=False)


def _round_in_one_step(rounded: exp.Round) -> None:
    """Turn ROUND(CAST(x AS NUMERIC), 2) into CAST(x AS DECIMAL(38, 2)), which rounds as it casts.

    Measured on 5 million doubles: the sum takes an eighth of the time.
    """
    number, decimals = rounded.this, rounded.args.get("decimals")
    if (
        isinstance(number, exp.Cast)
        and _is_bare_numeric(number.to)
        and isinstance(decimals, exp.Literal)
        and decimals.is_int
    ):
        kind = exp.DataType.build(f"DECIMAL(38, {decimals.this})", dialect="duckdb")
        rounded.replace(exp.Cast(this=number.this, to=kind))


def _is_bare_numeric(kind: exp.DataType) -> bool:
    return kind.this == exp.DataType.Type.DECIMAL and not kind.expressions


def _relation(
    name: str, relation: PhysicalTable | LocalRows, table: Callable[[str], exp.Table]
) -> exp.Table:
    if isinstance(relation, PhysicalTable):
        return table(relation.name)
    return exp.Table(this=exp.to_identifier(f"rows:{name}", quoted=True))
