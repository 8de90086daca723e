"""One query for several tables of rows, where each query is paid for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pyarrow as pa
from sqlglot import exp

from mushroom.errors import WarehouseError
from mushroom.query import LocalRows, Query

__all__ = ["cut", "of_all_parts"]

_PART = "part_number"
_KEYS = ("entity_id", "as_of")


def of_all_parts(query: Query, rows: str, parts: Sequence[pa.Table]) -> Query:
    """The query over the rows of all parts at once, its answer sorted by part.

    Args:
        query: A query that answers each of its rows by one row of its keys.
        rows: The relation of these rows.
        parts: What it stands for, one after another: entity_id, as_of, and others. No two rows of
            all parts share both.
    """
    numbered = pa.concat_tables(
        part.append_column(_PART, pa.repeat(pa.scalar(number, pa.int64()), part.num_rows))
        for number, part in enumerate(parts)
    )
    asked = [exp.column(name, "asked", quoted=True) for name in (_PART, *_KEYS)]
    same = [
        exp.EQ(this=exp.column(key, "answer", quoted=True), expression=column.copy())
        for key, column in zip(_KEYS, asked[1:], strict=True)
    ]
    source = exp.to_table(rows)
    source.set("alias", _alias("asked"))
    tree = (
        exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier("answer", quoted=True)))
        .from_(exp.Subquery(this=query.tree.copy(), alias=_alias("answer")))
        .join(source, on=exp.and_(*same))
        .order_by(*asked)
    )
    relations = {**query.relations, rows: LocalRows(rows=numbered)}
    return replace(query, tree=tree, relations=relations)


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=exp.to_identifier(name, quoted=True))


def cut(batches: Iterable[pa.RecordBatch], sizes: Sequence[int]) -> Iterator[pa.Table]:
    """The rows of a stream as tables of given sizes, holding one of them at a time.

    Raises:
        WarehouseError: There are more or fewer rows than the sizes say.
    """
    source = iter(batches)
    rest = next(source)
    for size in sizes:
        held, missing = [rest.slice(0, size)], size - min(size, rest.num_rows)
        rest = rest.slice(size)
        while missing and (batch := next(source, None)) is not None:
            held.append(batch.slice(0, missing))
            rest = batch.slice(missing)
            missing -= min(missing, batch.num_rows)
        if missing:
            raise WarehouseError(
                f"A query gave {size - missing} of {size} rows for a part of what it was asked; "
                "rows must be unique in (entity_id, as_of)."
            )
        yield pa.Table.from_batches(held)
    if rest.num_rows or any(batch.num_rows for batch in source):
        raise WarehouseError(
            f"A query gave more than the {sum(sizes)} rows that it was asked for; rows must be "
            "unique in (entity_id, as_of)."
        )
