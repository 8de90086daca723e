"""The data of a case: its warehouse, its catalogue, and how far they reach."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from mushroom import (
    Catalog,
    Source,
    Warehouse,
    event_spans,
    latest_event,
    load_catalog,
    open_warehouse,
)

from yule_cli.config import Case, Document
from yule_cli.errors import CaseError
from yule_cli.resolution.blame import blaming, noting
from yule_cli.resolution.code import commit
from yule_cli.resolution.rows import check_rows
from yule_cli.state import State

__all__ = ["CaseData", "resolve_data"]


@dataclass(frozen=True, kw_only=True)
class CaseData:
    """What a case reads.

    Attributes:
        source: The warehouse, the catalogue and the state of the tables, as tasks are told.
        catalog: The same catalogue, with the types of its columns.
        cache: A folder that remembers file hashes.
    """

    source: Source
    catalog: Catalog
    cache: Path

    @cached_property
    def latest_event(self) -> datetime:
        """The time of the catalogue's last event.

        Raises:
            EntityError: There is no event.
        """
        return latest_event(self.catalog, self._warehouse(), threads=self.source.threads)

    @cached_property
    def event_spans(self) -> dict[str, int]:
        """The seconds between the first and the last event of each events table."""
        return event_spans(self.catalog, self._warehouse(), threads=self.source.threads)

    def _warehouse(self) -> Warehouse:
        root = Path(self.source.root)
        return open_warehouse(
            self.source.warehouse,
            root=root,
            cache=self.cache,
            moment=self.source.moment,
            labels=self.source.job_labels,
        )


def resolve_data(case: Case, document: Document, state: State) -> CaseData:
    """Open the warehouse, and hold the catalogue and the names of tables against it.

    Raises:
        CaseError: If something is not there, or does not fit.
    """
    root = document.path.absolute().parent
    cache = state.warehouse_cache
    job_labels = {"case": case.case, "commit": commit() or "unknown"}
    problems: list[str] = []
    with noting(problems), blaming(document, "warehouse"):
        warehouse = open_warehouse(case.warehouse, root=root, cache=cache, labels=job_labels)
    with noting(problems), blaming(document, "catalog"):
        catalog = load_catalog(root / case.catalog)
    if problems:
        raise CaseError(problems)
    tables = case.labels.tables
    for table in tables:
        with noting(problems), blaming(document, "labels", "table"):
            warehouse.columns(table)
    if case.score.rows is not None and not problems:
        with noting(problems), blaming(document, "score", "rows"):
            check_rows(case, document, warehouse)
        tables.append(case.score.rows)
    with noting(problems), blaming(document, "warehouse"):
        source = Source.of(
            case.warehouse,
            root=root,
            catalog=catalog,
            tables=tables if not problems else (),
            threads=case.run.query_threads or case.threads,
            query_memory_gib=case.run.query_memory_gib,
            cache=cache,
            job_labels=job_labels,
        )
    if problems:
        raise CaseError(problems)
    return CaseData(source=source, catalog=Catalog.model_validate(source.catalog), cache=cache)
