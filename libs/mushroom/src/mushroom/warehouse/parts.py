"""One query for several tables of rows, where each query is paid for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from tempfile import NamedTemporaryFile

import pyarrow as pa
from sqlglot import exp

from mushroom.query import LocalRows, Query

__all__ = ["PART", "of_all_parts"]

PART = "part:number"
"""The column of the answer that says which part a row belongs to."""

_KEYS = ("entity_id", "as_of")


def of_all_parts(query: Query, rows: str, parts: Iterable[pa.Table]) -> Query:
    """The query over the rows of all parts at once, its answer sorted by `PART` and keys.

    The rows lie in a file: memory holds one part, however many there are.

    Args:
        query: A query that answers each of its rows by rows of its keys.
        rows: The relation of these rows.
        parts: What it stands for, one after another, at least one: entity_id, as_of, and others.
            No two rows of all parts share both.
    """
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
    relations = {**query.relations, rows: LocalRows(rows=_numbered(parts))}
    return replace(query, tree=tree, relations=relations)


def _numbered(parts: Iterable[pa.Table]) -> pa.Table:
    """All rows with the number of their part, in a file whose pages the system holds as it can."""
    with NamedTemporaryFile(prefix="mushroom-", suffix=".arrow") as file:
        writer: pa.RecordBatchFileWriter | None = None
        for number, part in enumerate(parts):
            numbers = pa.repeat(pa.scalar(number, pa.int64()), part.num_rows)
            table = part.append_column(PART, numbers)
            writer = writer or pa.ipc.new_file(file, table.schema)
            writer.write_table(table)
        assert writer is not None  # noqa: S101  # there is at least one part
        writer.close()
        file.flush()
        # Its name is gone after this block, its content when nobody looks at it any more.
        return pa.ipc.open_file(pa.memory_map(file.name)).read_all()


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=exp.to_identifier(name, quoted=True))
