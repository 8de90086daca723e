"""One query for several tables of rows, where each query is paid for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
from sqlglot import exp

from mushroom.query import LocalRows, Query

__all__ = ["PART", "of_all_parts"]

PART = "part:number"
"""The column of the answer that says which part a row belongs to."""

_KEYS = ("entity_id", "as_of")


def of_all_parts(query: Query, rows: str, parts: Sequence[pa.Table]) -> Query:
    """The query over the rows of all parts at once, its answer sorted by `PART` and keys.

    Args:
        query: A query that answers each of its rows by rows of its keys.
        rows: The relation of these rows.
        parts: What it stands for, one after another: entity_id, as_of, and others. No two rows of
            all parts share both.
    """
    numbered = pa.concat_tables(
        part.append_column(PART, pa.repeat(pa.scalar(number, pa.int64()), part.num_rows))
        for number, part in enumerate(parts)
    )
    asked = [exp.column(name, "asked", quoted=True) for name in (PART, *_KEYS)]
    same = [
        exp.EQ(this=exp.column(key, "answer", quoted=True), expression=column.copy())
        for key, column in zip(_KEYS, asked[1:], strict=True)
    ]
    source = exp.to_table(rows)
    source.set("alias", _alias("asked"))
    tree = (
        exp.select(
            exp.Column(this=exp.Star(), table=exp.to_identifier("answer", quoted=True)),
            asked[0].copy(),
        )
        .from_(exp.Subquery(this=query.tree.copy(), alias=_alias("answer")))
        .join(source, on=exp.and_(*same))
        .order_by(*asked)
    )
    relations = {**query.relations, rows: LocalRows(rows=numbered)}
    return replace(query, tree=tree, relations=relations)


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=exp.to_identifier(name, quoted=True))
