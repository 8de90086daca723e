"""Rows downloaded from the warehouse by one GoogleSQL method."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import cached_property

import luigi
import pyarrow as pa
from gokart_store import CanonicalJson, DatasetFormat, JsonParameter, Resources, ShardedDataset
from gokart_store.dataset import write_stream

from mushroom.errors import MethodError
from mushroom.methods import Method, load_method, parse_method
from mushroom.methods.answer import check_answer
from mushroom.methods.bind import bind_method
from mushroom.query import Query
from mushroom.tasks.base import WarehouseTask

__all__ = ["SHARD_ROWS", "Download"]

SHARD_ROWS = 2**20
"""Rows of each shard of a download but the last."""


class Download(WarehouseTask[ShardedDataset]):
    """The rows of one method, in the order that it asks for, in shards of a million rows.

    They are written as they come, and each shard can be read without the others; `table()` of the
    result is all of them.

    Args:
        method: The name of a method: one of mushroom's, of an installed package, or of the folder
            that the catalogue names; see `method_names`.
        sql: Instead of it, the text of a method: a comment with its declaration, then its query.
        parameters: The values of the declared parameters, as JSON.
        tables: The catalogue's name for each table that the method declares, or
            `{"table": NAME, "columns": {WANTED: ITS}}`; see `bind_method`.
    """

    VERSION = 5
    format = DatasetFormat()
    method = luigi.Parameter(default="")
    sql = luigi.Parameter(default="")
    parameters = JsonParameter(default=CanonicalJson.of({}))
    tables = JsonParameter(default=CanonicalJson.of({}))

    @cached_property
    def parsed(self) -> Method:
        """The method.

        Raises:
            MethodError: It is unknown or not well formed, or both or none of `method` and `sql`
                are given.
        """
        if bool(self.method) == bool(self.sql):
            raise MethodError(
                "A download needs either the name of a `method` or the text of an `sql`."
            )
        if self.method:
            return load_method(self.method, self.catalog_model)
        return parse_method(self.sql, name="given as sql")

    def queries(self) -> dict[str, Query]:
        """The method's query over the catalogue."""
        query = bind_method(
            self.parsed,
            self.catalog_model,
            tables=self.tables.value,
            parameters=self.parameters.value,
        )
        return {"download": query}

    def required_resources(self) -> Resources:
        """The query's memory; its rows pass through."""
        return Resources(cpu=self.threads, memory_gib=self.query_memory_gib + 0.5)

    def run(self) -> None:
        """Run the query and store its rows as they come.

        Raises:
            MethodError: The answer has other columns than the method declares.
        """
        with self.writing() as folder, self.reading() as warehouse:
            query = self.queries()["download"]
            with closing(warehouse.stream(query, threads=self.threads)) as batches:
                write_stream(folder, self._checked(batches), shard_rows=SHARD_ROWS)

    def _checked(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            check_answer(self.parsed, batch.schema)
            yield batch
