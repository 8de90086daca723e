"""Feature tables that are read a column at a time."""

from __future__ import annotations

from typing import Protocol

import pyarrow as pa
from gokart_store import ShardedDataset

__all__ = ["ColumnSource", "StoredColumns"]


class ColumnSource(Protocol):
    """A table whose columns are read one by one; a `pyarrow.Table` is one."""

    @property
    def column_names(self) -> list[str]:
        """The names of all columns."""

    def column(self, name: str) -> pa.ChunkedArray:
        """Read one column, all rows in order."""


class StoredColumns:
    """The columns of a sharded dataset; nothing is kept in memory.

    Args:
        dataset: The dataset.
    """

    def __init__(self, dataset: ShardedDataset) -> None:
        self._dataset = dataset

    @property
    def column_names(self) -> list[str]:
        """The names of all columns."""
        return list(self._dataset.schema.names)

    def column(self, name: str) -> pa.ChunkedArray:
        """Read one column of all shards."""
        return self._dataset.table([name])[name]
