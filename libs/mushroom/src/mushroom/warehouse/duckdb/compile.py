"""From a query in GoogleSQL to the text that DuckDB runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from sqlglot import exp

from mushroom.googlesql import base_tables
from mushroom.query import PhysicalTable, Query, value_type
from mushroom.warehouse.duckdb.rewrites import with_googlesql_meaning
from mushroom.warehouse.duckdb.supported import check_supported, duckdb_text

__all__ = ["compile_query"]


def compile_query(query: Query, *, table: Callable[[str], exp.Table]) -> str:
    """DuckDB's text of a query, in which every identifier is quoted and every value is bound.

    It is made once for a tree, however many rows and values it is asked with: the features of a
    thousand shards are one text.

    Args:
        query: The query.
        table: Gives the node by which DuckDB knows a physical table. Local rows of the relation
            `r` are expected to be registered as `rows:r`.

    Raises:
        QueryError: The query holds what does not mean the same on DuckDB; the message names it and
            its line.
    """
    relations = {
        name: table(relation.name) if isinstance(relation, PhysicalTable) else _local_rows(name)
        for name, relation in query.relations.items()
    }
    types = {name: value_type(value) for name, value in query.parameters.items()}
    return _compiled(_Tree(query.tree), tuple(relations.items()), tuple(types.items()))


class _Tree:
    """A tree as a key: itself, whatever others look the same."""

    def __init__(self, tree: exp.Expr) -> None:
        self.tree = tree

    def __hash__(self) -> int:
        return id(self.tree)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Tree) and self.tree is other.tree


@lru_cache(maxsize=64)
def _compiled(
    wanted: _Tree, relations: tuple[tuple[str, exp.Table], ...], types: tuple[tuple[str, str], ...]
) -> str:
    check_supported(wanted.tree)
    tree, tables, kinds = wanted.tree.copy(), dict(relations), dict(types)
    for node in base_tables(tree):
        replacement = tables[node.name].copy()
        alias = node.args.get("alias") or exp.TableAlias(
            this=exp.to_identifier(node.name, quoted=True)
        )
        replacement.set("alias", alias)
        for name in ("joins", "pivots", "sample"):
            if node.args.get(name):
                replacement.set(name, node.args[name])
        node.replace(replacement)
    for parameter in list(tree.find_all(exp.Parameter)):
        kind = exp.DataType.build(kinds[parameter.name], dialect="bigquery")
        parameter.replace(exp.Cast(this=parameter.copy(), to=kind))
    with_googlesql_meaning(tree)
    return duckdb_text(tree)


def _local_rows(name: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(f"rows:{name}", quoted=True))
