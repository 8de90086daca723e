"""From a query in GoogleSQL to the text that DuckDB runs."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from mushroom.googlesql import base_tables
from mushroom.query import LocalRows, PhysicalTable, Query, value_type
from mushroom.warehouse.duckdb.rewrites import with_googlesql_meaning
from mushroom.warehouse.duckdb.supported import check_supported, duckdb_text

__all__ = ["compile_query"]


def compile_query(query: Query, *, table: Callable[[str], exp.Table]) -> str:
    """DuckDB's text of a query, in which every identifier is quoted and every value is bound.

    Args:
        query: The query.
        table: Gives the node by which DuckDB knows a physical table. Local rows of the relation
            `r` are expected to be registered as `rows:r`.

    Raises:
        QueryError: The query holds what does not mean the same on DuckDB; the message names it and
            its line.
    """
    check_supported(query.tree)
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
    with_googlesql_meaning(tree)
    return duckdb_text(tree)


def _relation(
    name: str, relation: PhysicalTable | LocalRows, table: Callable[[str], exp.Table]
) -> exp.Table:
    if isinstance(relation, PhysicalTable):
        return table(relation.name)
    return exp.Table(this=exp.to_identifier(f"rows:{name}", quoted=True))
