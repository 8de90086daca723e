"""The data that a run reads: a warehouse, its catalogue, and the state of its tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from mushroom.catalog import Catalog, check_catalog
from mushroom.errors import WarehouseError
from mushroom.names import texts
from mushroom.warehouse import open_warehouse

__all__ = ["Source"]


@dataclass(frozen=True, kw_only=True)
class Source:
    """What every task that reads the warehouse is told about it, as JSON values.

    Attributes:
        warehouse: The warehouse's URL.
        root: The folder that relative paths in the URL start from.
        catalog: The catalogue, checked against the warehouse, with its columns' types.
        snapshot: The identity of each table's content, by the warehouse's name of the table.
        threads: Threads of one query; results do not depend on them.
        query_memory_gib: What one query may take of this machine's memory, where it runs here,
            before it spills to disk; each task declares it, and some more for itself.
        moment: The time to read the tables as of; empty: as they are.
        job_labels: What the warehouse's jobs are marked with, such as the case and the commit.
    """

    warehouse: str
    root: str
    catalog: dict[str, Any]
    snapshot: dict[str, str]
    threads: int = 1
    query_memory_gib: float = 1.5
    moment: str = ""
    job_labels: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        url: str,
        *,
        root: Path | str,
        catalog: Catalog,
        tables: Iterable[str] = (),
        threads: int = 1,
        query_memory_gib: float = 1.5,
        cache: Path | None = None,
        job_labels: Mapping[str, str] | None = None,
    ) -> Self:
        """Open a warehouse, check the catalogue against it, and take a snapshot.

        Args:
            url: The warehouse's URL.
            root: The folder that relative paths in the URL start from.
            catalog: The catalogue.
            tables: Tables to read beside those of the catalogue, such as the labels', by the
                warehouse's names.
            threads: Threads of one query.
            query_memory_gib: What one query may take of this machine's memory.
            cache: A folder that remembers file hashes; None: nowhere.
            job_labels: What the warehouse's jobs are marked with.

        Raises:
            WarehouseError: The warehouse cannot be opened, or lacks one of `tables`.
            CatalogError: The catalogue does not fit the warehouse.
            SnapshotChangedError: A table changed meanwhile.
        """
        named = texts(tables, what="`tables` of a source", error=WarehouseError)
        warehouse = open_warehouse(url, root=root, cache=cache, labels=job_labels)
        checked = check_catalog(catalog, warehouse)
        wanted = {table.table for table in checked.tables.values()} | set(named)
        snapshot = warehouse.snapshot(wanted)
        return cls(
            warehouse=url,
            root=str(root),
            catalog=checked.as_json(),
            snapshot=snapshot,
            threads=threads,
            query_memory_gib=query_memory_gib,
            moment=warehouse.moment(snapshot),
            job_labels=dict(job_labels or {}),
        )

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments that every WarehouseTask takes."""
        return {
            "warehouse": self.warehouse,
            "root": self.root,
            "catalog": self.catalog,
            "snapshot": self.snapshot,
            "threads": self.threads,
            "query_memory_gib": self.query_memory_gib,
            "moment": self.moment,
            "job_labels": self.job_labels,
        }
