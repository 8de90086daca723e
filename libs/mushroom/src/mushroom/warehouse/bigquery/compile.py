"""From a query to the GoogleSQL text that BigQuery runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pyarrow as pa
from sqlglot import exp

from mushroom.googlesql import base_tables
from mushroom.query import LocalRows, PhysicalTable, Query
from mushroom.warehouse.bigquery.address import TableName
from mushroom.warehouse.bigquery.types import schema_of

__all__ = ["compile_query", "parameter_of_rows", "table_node", "table_rows"]


def compile_query(
    query: Query,
    *,
    table: Callable[[str], exp.Query],
    uploaded: Mapping[str, TableName],
) -> str:
    """The text of a query, in which every identifier is quoted and every value is bound.

    Args:
        query: The query.
        table: Gives the SELECT that reads a physical table.
        uploaded: The temporary tables of relations with local rows; local rows of any other
            relation are bound, by the parameter that `parameter_of_rows` names.
    """
    tree = query.tree.copy()
    for node in base_tables(tree):
        relation = query.relations[node.name]
        if isinstance(relation, PhysicalTable):
            rows = table(relation.name)
        elif node.name in uploaded:
            rows = table_rows(uploaded[node.name])
        else:
            rows = _bound_rows(node.name, relation)
        alias = node.args.get("alias") or exp.TableAlias(
            this=exp.to_identifier(node.name, quoted=True)
        )
        replacement = exp.Subquery(this=rows, alias=alias)
        for name in ("joins", "pivots", "sample"):
            if node.args.get(name):
                replacement.set(name, node.args[name])
        node.replace(replacement)
    return tree.sql(dialect="bigquery", identify=True, pretty=True, comments=False)


def table_rows(table: TableName, *, moment: datetime | None = None) -> exp.Select:
    """All rows of a table, as they were at a moment if one is given."""
    node = table_node(table)
    if moment is not None:
        text = exp.Literal.string(moment.astimezone(UTC).isoformat(sep=" "))
        at = exp.cast(text, exp.DataType.build("TIMESTAMP", dialect="bigquery"))
        node.set("version", exp.Version(this="TIMESTAMP", kind="AS OF", expression=at))
    return exp.select(exp.Star()).from_(node)


def table_node(table: TableName) -> exp.Table:
    """A table by its full name, quoted."""
    return exp.table_(table.table, db=table.dataset, catalog=table.project, quoted=True)


def parameter_of_rows(relation: str) -> str:
    """The name of the parameter that holds a relation's local rows."""
    return f"rows_of_{relation}"


def _bound_rows(name: str, relation: LocalRows) -> exp.Select:
    schema: pa.Schema = relation.rows.schema
    if relation.rows.num_rows == 0:
        nothing = (
            exp.alias_(
                exp.cast(exp.null(), exp.DataType.build(field.field_type, dialect="bigquery")),
                field.name,
                quoted=True,
            )
            for field in schema_of(schema)
        )
        return exp.select(*nothing).limit(0)
    values = (
        exp.alias_(exp.column(column, table="row", quoted=True), column, quoted=True)
        for column in schema.names
    )
    alias = exp.TableAlias(columns=[exp.to_identifier("row", quoted=True)])
    parameter = exp.Parameter(this=exp.var(parameter_of_rows(name)))
    return exp.select(*values).from_(exp.Unnest(expressions=[parameter], alias=alias))
