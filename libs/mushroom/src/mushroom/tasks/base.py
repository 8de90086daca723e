"""The base of the tasks that read a warehouse: their identity is what they ask of which data."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

import luigi
from gokart_store import CanonicalJson, JsonParameter, StoredTask, open_store
from pydantic import ValidationError

from mushroom.catalog import Catalog
from mushroom.errors import CatalogError, WarehouseError
from mushroom.query import Query
from mushroom.warehouse import Warehouse, open_warehouse

__all__ = ["WarehouseTask"]

T = TypeVar("T")


class WarehouseTask(StoredTask[T], Generic[T]):
    """A task that runs queries on a warehouse.

    A subclass says in `queries` what it will run. The id covers the text and the values of these
    queries and the snapshots of the tables they read; it leaves out where the warehouse lies, the
    rest of the catalogue and of the snapshot, the threads and the memory of queries, the labels of
    jobs, and the moment that the tables are read as of: the snapshots say what they hold then.
    `Source.arguments()` gives the parameters that are declared here.
    """

    warehouse = luigi.Parameter(significant=False)
    root = luigi.Parameter(significant=False)
    catalog = JsonParameter(significant=False)
    snapshot = JsonParameter(significant=False)
    threads = luigi.IntParameter(default=1, significant=False)
    query_memory_gib = luigi.FloatParameter(default=1.5, significant=False)
    moment = luigi.Parameter(default="", significant=False)
    job_labels = JsonParameter(default=CanonicalJson.of({}), significant=False)

    @abstractmethod
    def queries(self) -> dict[str, Query]:
        """The queries that the task runs, by a name.

        Rows of an upstream task stand in them as `LocalRows` of an empty table: they belong to the
        upstream's identity, and `Query.with_rows` puts them in at run time.
        """

    def fingerprint(self) -> dict[str, Any]:
        """The meaning of the queries, and the snapshots of exactly the tables they read."""
        return {
            "queries": {name: query.identity() for name, query in self.queries().items()},
            "snapshot": self.pinned,
        }

    @cached_property
    def catalog_model(self) -> Catalog:
        """The catalogue.

        Raises:
            CatalogError: The task was given something else.
        """
        try:
            return Catalog.model_validate(self.catalog.value)
        except ValidationError as error:
            raise CatalogError(
                f"{type(self).__name__} was given a catalogue that is none; pass the arguments of "
                f"`Source.of`. {error}"
            ) from error

    @cached_property
    def pinned(self) -> dict[str, str]:
        """The snapshots of the tables that the queries read.

        Raises:
            WarehouseError: The task was given no snapshot, or none of one of them.
        """
        known: dict[str, str] = self.snapshot.value
        if not isinstance(known, dict):
            raise WarehouseError(
                f"{type(self).__name__} was given a snapshot that is no mapping of tables to their "
                f"identities, {known!r}; pass the arguments of `Source.of`."
            )
        tables = sorted({table for query in self.queries().values() for table in query.tables})
        for table in tables:
            if table not in known:
                raise WarehouseError(
                    f"{type(self).__name__} reads the table {table!r}, of which no snapshot was "
                    f"taken; add it to the source's tables. There are: {sorted(known)}."
                )
        return {table: known[table] for table in tables}

    @contextmanager
    def reading(self) -> Iterator[Warehouse]:
        """The warehouse, whose data is checked against the snapshot before and after the block.

        Raises:
            SnapshotChangedError: The data is not, or is no longer, what the task's id speaks of.
        """
        cache = open_store(self.workspace_directory).side_folder("side/warehouse")
        warehouse = open_warehouse(
            self.warehouse,
            root=Path(self.root),
            cache=cache,
            moment=self.moment,
            labels={**self.job_labels.value, "method": type(self).__name__},
            memory_gib=self.query_memory_gib,
        )
        warehouse.verify(self.pinned)
        yield warehouse
        warehouse.verify(self.pinned)
