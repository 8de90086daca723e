"""Rows of tables cut into pieces by their entity, on disk, so that each is read once for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from math import ceil
from operator import itemgetter
from pathlib import Path

import duckdb
import pyarrow as pa
from sqlglot import exp

from mushroom.googlesql import without_sparing
from mushroom.query import PhysicalTable, Query
from mushroom.warehouse.duckdb.abreast import abreast
from mushroom.warehouse.duckdb.access import without_wildcards
from mushroom.warehouse.duckdb.answers import all_rows, answer_of
from mushroom.warehouse.duckdb.compile import compile_query
from mushroom.warehouse.duckdb.origin import Origin
from mushroom.warehouse.protocol import Parts

__all__ = ["Pieces", "evenly"]

_FEWEST_ROWS = 2**20
_FEWEST_PARTS = 4
_ROWS_AT_A_TIME = 2**21
_FEWEST_ROWS_OF_A_PIECE = 2**18
_FEWEST_ENTITY_ROWS = 2**15
_BATCH_ROWS = 122_880  # those of DuckDB's own answers
_TABLE = "piece:table"


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """A query over pieces of its rows, and of the tables that are cut with them.

    Attributes:
        connection: Knows the tables, and may write to the folder.
        query: The query; its `by_entity` says which relations are cut.
        rows: The relation of the entity rows.
        origin: Names the tables.
        folder: An empty folder for the pieces, which grows as large as the columns that are read.
        threads: How many pieces are described at a time.
    """

    connection: duckdb.DuckDBPyConnection
    query: Query
    rows: str
    origin: Origin
    folder: Path
    threads: int

    def counts(self, parts: Parts) -> tuple[int, ...]:
        """Into how many pieces to cut each part; empty: the tables are better not cut.

        Cutting costs as much as reading the rows of a large table twice (measured on the events of
        `windows-20m`: 0.5 µs of CPU a row). It pays where many parts would each read them, and
        where those of one part are so many that its aggregates outgrow the caches, and then the
        memory.
        """
        rows = max(map(self._count, self.query.by_entity), default=0)
        if rows < _FEWEST_ROWS:
            return ()
        tables = [n for n, r in self.query.relations.items() if isinstance(r, PhysicalTable)]
        # Of a table that is not cut each piece would read everything.
        is_cut = self.query.by_entity.keys() >= {*tables}
        size = max(_FEWEST_ROWS_OF_A_PIECE, _ROWS_AT_A_TIME // self.threads)
        most = ceil(rows / size / len(parts)) if is_cut else 1
        found = tuple(max(1, min(most, part.num_rows // _FEWEST_ENTITY_ROWS)) for part in parts)
        return found if len(found) >= _FEWEST_PARTS or max(found) > 1 else ()

    def write(self, parts: Parts, counts: Sequence[int]) -> bool:
        """Write the pieces of all tables in one pass over each, in flat memory.

        Args:
            parts: The entity rows, sorted by entity.
            counts: Into how many pieces each part is cut.

        Returns:
            Whether they can be read again as they were: not every type goes through Parquet.
        """
        if not all(self._keeps_types(relation) for relation in self.query.by_entity):
            return False
        kind = next(iter(parts)).schema.field("entity_id").type
        schema = pa.schema([("entity_id", kind), ("piece", pa.int32())])
        reader = pa.RecordBatchReader.from_batches(schema, _entities(parts, counts, schema))
        self.connection.register("piece:entities", reader)
        self.connection.execute(
            f'CREATE TEMP TABLE "{_TABLE}" AS SELECT * FROM "piece:entities"'  # noqa: S608 (constants)
        )
        self.connection.unregister("piece:entities")
        for relation, entity in self.query.by_entity.items():
            self._write(relation, entity)
        return True

    def answers(self, parts: Parts, counts: Sequence[int]) -> Iterator[pa.Table]:
        """The answer for one part after another, once the pieces are written."""
        cut = {name: PhysicalTable(name=_view(name)) for name in self.query.by_entity}
        relations = {**self.query.relations, **cut}
        query = replace(self.query, tree=without_sparing(self.query.tree), relations=relations)
        jobs = self._jobs(parts, counts, query)
        with closing(abreast(self.connection, jobs, threads=self.threads)) as answers:
            for _, of_part in groupby(answers, key=itemgetter(0)):
                yield evenly([answer for _, answer in of_part])

    def _jobs(
        self, parts: Parts, counts: Sequence[int], query: Query
    ) -> Iterator[Callable[[duckdb.DuckDBPyConnection], tuple[int, pa.Table]]]:
        for number, (position, rows) in enumerate(_pieces(parts, counts)):
            asked = query.with_rows(self.rows, rows)
            text = compile_query(asked, table=self._node)
            yield partial(self._answer, number, position, text, asked)

    def _answer(
        self,
        number: int,
        position: int,
        text: str,
        asked: Query,
        connection: duckdb.DuckDBPyConnection,
    ) -> tuple[int, pa.Table]:
        for relation in self.query.by_entity:
            self._show(connection, relation, number)
        return position, all_rows(answer_of(connection, text, asked))

    def _keeps_types(self, relation: str) -> bool:
        """Write a file without rows, and read it again."""
        node = self.origin.node(self._table(relation))
        rows = exp.select(*self._columns(relation)).from_(node).limit(0).sql("duckdb")
        before = self.connection.sql(rows).types
        self.connection.execute(f"COPY ({rows}) TO {_text(self._empty(relation))} (FORMAT parquet)")
        self._show(self.connection, relation, None)
        view = exp.to_identifier(_view(relation), quoted=True).sql("duckdb")
        return bool(self.connection.sql(f"FROM {view}").types == before)

    def _write(self, relation: str, entity: exp.Expr) -> None:
        taken = {name.lower() for name in self._names(relation)}
        who, number = _free("entity_id", taken), _free("piece", taken)
        of_piece = exp.select(
            exp.alias_(exp.column("entity_id", quoted=True), who, quoted=True),
            exp.alias_(exp.column("piece", quoted=True), number, quoted=True),
        ).from_(exp.to_table("entities_of_pieces"))
        same = exp.EQ(this=entity.copy(), expression=exp.column(who, quoted=True))
        tree = (
            exp.select(*self._columns(relation), exp.column(number, quoted=True))
            .from_(exp.to_table(relation))
            .join(of_piece.subquery("pieces"), on=same)
        )
        relations = {
            relation: PhysicalTable(name=self._table(relation)),
            "entities_of_pieces": PhysicalTable(name=_TABLE),
        }
        rows = compile_query(Query(tree=tree, relations=relations), table=self._node)
        key = exp.to_identifier(number, quoted=True).sql("duckdb")
        self.connection.execute(
            f"COPY ({rows}) TO {_text(self._place(relation))} "
            f"(FORMAT parquet, COMPRESSION snappy, PARTITION_BY ({key}))"
        )

    def _columns(self, relation: str) -> list[exp.Column]:
        """The table's columns that the query may speak of: what is called like none is not read."""
        spoken = {name.name.lower() for name in self.query.tree.find_all(exp.Identifier)}
        names = self._names(relation)
        return [exp.column(name, quoted=True) for name in names if name.lower() in spoken]

    def _names(self, relation: str) -> list[str]:
        node = self.origin.node(self._table(relation)).sql("duckdb")
        return self.connection.sql(f"FROM {node}").columns

    def _show(
        self, connection: duckdb.DuckDBPyConnection, relation: str, piece: int | None
    ) -> None:
        """Let the relation stand for one piece, or for no rows, on one connection."""
        found = [] if piece is None else self._place(relation).glob(f"*={piece}/*.parquet")
        paths = [self._empty(relation), *sorted(found)]
        files = ", ".join(_text(without_wildcards(str(path))) for path in paths)
        view = exp.to_identifier(_view(relation), quoted=True).sql("duckdb")
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {view} AS "
            f"FROM read_parquet([{files}], hive_partitioning = false)"
        )

    def _node(self, table: str) -> exp.Table:
        if table == _TABLE or table.startswith(_view("")):
            return exp.Table(this=exp.to_identifier(table, quoted=True))
        return self.origin.node(table)

    def _count(self, relation: str) -> int:
        node = self.origin.node(self._table(relation)).sql("duckdb")
        [(count,)] = self.connection.sql(f"SELECT count(*) FROM {node}").fetchall()  # noqa: S608 (quoted)
        return int(count)

    def _table(self, relation: str) -> str:
        found = self.query.relations[relation]
        if not isinstance(found, PhysicalTable):
            raise TypeError(f"The relation {relation!r} is no table of the warehouse.")
        return found.name

    def _place(self, relation: str) -> Path:
        return self.folder / str([*self.query.by_entity].index(relation))

    def _empty(self, relation: str) -> Path:
        return self._place(relation).with_suffix(".parquet")


def evenly(answers: Sequence[pa.Table]) -> pa.Table:
    """The rows of all in batches of one size: where rows are cut shows when they are stored."""
    together = pa.concat_tables(answers)
    batches = together.combine_chunks().to_batches(max_chunksize=_BATCH_ROWS)
    return pa.Table.from_batches(batches, together.schema)


def _pieces(parts: Parts, counts: Sequence[int]) -> Iterator[tuple[int, pa.Table]]:
    """The position of the part and the rows of one piece after another."""
    for position, (part, count) in enumerate(zip(parts, counts, strict=True)):
        size = max(1, ceil(part.num_rows / count))
        for piece in range(count):
            yield position, part.slice(piece * size, size)


def _entities(parts: Parts, counts: Sequence[int], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Each entity beside the piece that describes it; one that several describe stands in each."""
    for number, (_, rows) in enumerate(_pieces(parts, counts)):
        who = rows["entity_id"].unique()
        numbers = pa.repeat(pa.scalar(number, pa.int32()), len(who))
        yield pa.record_batch([who, numbers], schema=schema)


def _view(relation: str) -> str:
    return f"piece of:{relation}"


def _free(name: str, taken: AbstractSet[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _text(path: Path | str) -> str:
    return exp.Literal.string(str(path)).sql("duckdb")
