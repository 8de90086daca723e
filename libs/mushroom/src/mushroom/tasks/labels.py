"""The training rows: labelled entities, read from the warehouse and checked."""

from __future__ import annotations

from functools import cached_property

import pyarrow as pa
from gokart_store import DatasetFormat, JsonParameter, Resources, ShardedDataset, write_shards
from sqlglot import exp

from mushroom.labels import LabelOptions, labelled_rows, parse_labels
from mushroom.query import PhysicalTable, Query
from mushroom.rows import check_columns
from mushroom.tasks.base import WarehouseTask

__all__ = ["LabelRows"]


class LabelRows(WarehouseTask[ShardedDataset]):
    """The labelled rows, in one shard.

    Columns: `entity_id`, `as_of`, `data_until`, perhaps `row_weight`, and one for each target,
    sorted by entity and time; see `mushroom.labels.labelled_rows`.

    Args:
        labels: `LabelOptions` as JSON.
    """

    VERSION = 3
    format = DatasetFormat()
    labels = JsonParameter()

    @cached_property
    def options(self) -> LabelOptions:
        """The parsed options."""
        return parse_labels(self.labels.value)

    def queries(self) -> dict[str, Query]:
        """One query for each table; the rows are sorted later, together."""
        return {table: label_query(table, self.options.columns) for table in self.options.table}

    def fingerprint(self) -> dict[str, object]:
        """The queries and snapshots, and the time zone that dates are read in."""
        return {**super().fingerprint(), "timezone": self.catalog_model.timezone}

    def required_resources(self) -> Resources:
        """One core; the query's memory, and the rows."""
        return Resources(cpu=1, memory_gib=self.query_memory_gib + 0.5)

    def run(self) -> None:
        """Store the rows."""
        with self.writing() as folder:
            write_shards(folder, [self.rows()])

    def rows(self) -> pa.Table:
        """Read and check the rows, without storing them.

        Raises:
            EntityError: A column is missing, or the rows are not usable.
        """
        with self.reading() as warehouse:
            tables = {}
            for table, query in self.queries().items():
                check_columns(warehouse, table, self.options.columns, what="The labels' table")
                tables[table] = warehouse.run(query, threads=self.threads)
        return labelled_rows(tables, self.options, timezone=self.catalog_model.timezone)


def label_query(table: str, columns: dict[str, str]) -> Query:
    """The columns of a table under the names that they get."""
    values = (
        exp.alias_(exp.column(column, quoted=True), name, quoted=True)
        for name, column in columns.items()
    )
    tree = exp.select(*values).from_("labels")
    return Query(tree=tree, relations={"labels": PhysicalTable(name=table)})
