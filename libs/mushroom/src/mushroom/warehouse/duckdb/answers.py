"""Answers of one connection, in the types of GoogleSQL."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from mushroom.query import LocalRows, Query
from mushroom.warehouse.duckdb.types import result_schema

__all__ = ["all_rows", "answer_of", "schema_of"]


def answer_of(
    connection: duckdb.DuckDBPyConnection, text: str, query: Query
) -> duckdb.DuckDBPyRelation:
    """The answer to DuckDB's text of a query, which brings its rows and values along."""
    for name, relation in query.relations.items():
        if isinstance(relation, LocalRows):
            connection.register(f"rows:{name}", relation.rows)
    return connection.sql(text, params=dict(query.parameters) or None)


def all_rows(answer: duckdb.DuckDBPyRelation) -> pa.Table:
    """All rows of an answer."""
    found = answer.to_arrow_table()
    return found.cast(schema_of(answer, found.schema))


def schema_of(answer: duckdb.DuckDBPyRelation, found: pa.Schema) -> pa.Schema:
    """The schema of an answer, given the one by which DuckDB hands it to Arrow."""
    return result_schema(found, [str(kind) for kind in answer.types])
