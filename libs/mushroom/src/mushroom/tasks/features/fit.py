"""One fit per learned feature method: what it learns, as Parquet files in a folder."""

from __future__ import annotations

from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

import luigi
import pyarrow as pa
from gokart_store import Artefact, FolderFormat, JsonParameter, Resources, UpstreamListParameter
from gokart_store.dataset import write_table

from mushroom.features.learned import Fitting, LearnedMethod, State
from mushroom.features.learned.registry import (
    EVENT_SEQUENCES,
    ITEM_EMBEDDINGS,
    TEXT_EMBEDDINGS,
    TOP_CATEGORIES,
)
from mushroom.instants import parse_instant
from mushroom.query import Query
from mushroom.tasks.base import WarehouseTask

__all__ = [
    "FitEventSequences",
    "FitFeature",
    "FitItemEmbeddings",
    "FitTextEmbeddings",
    "FitTopCategories",
    "read_state",
]

_NOBODY = pa.schema([("entity_id", pa.null())]).empty_table()


class FitFeature(WarehouseTask[Artefact]):
    """The state of a learned feature, a Parquet file for each of its tables.

    The id holds the query for what is learned from, with `fit_until`, and the options that the
    learning itself depends on: features that differ only in how they describe share a fit, and so
    do two times where time makes no difference.

    Args:
        options: The method's options as JSON.
        fit_until: An ISO date or time; only what could be known then is learned from.
        among: Nothing, or one task with a sharded dataset of `entity_id`: only what happened to
            these entities is learned from.
    """

    format = FolderFormat()
    method: ClassVar[LearnedMethod]

    options = JsonParameter(significant=False)
    fit_until = luigi.Parameter(significant=False)
    among = UpstreamListParameter(default=())

    def queries(self) -> dict[str, Query]:
        """The one query, among nobody yet."""
        return {"fit": self._placeholder}

    def fingerprint(self) -> dict[str, Any]:
        """The query and snapshot, the options that learning depends on, and the engine."""
        shown = self._parsed.model_dump(mode="json")
        return {
            **super().fingerprint(),
            "learning": {name: shown[name] for name in self.method.learning},
            "engine": _engine(self.method.engine),
        }

    def required_resources(self) -> Resources:
        """The threads of the query; memory for its aggregates and for what is learned."""
        return Resources(cpu=self.threads, memory_gib=self.query_memory_gib + 1.5)

    def run(self) -> None:
        """Gather, learn and store."""
        among = self.among[0].result().table(["entity_id"]) if self.among else None
        with self.writing() as folder, self.reading() as warehouse:
            answer = warehouse.run(self._query(among), threads=self.threads)
            write_state(self.method.fit(self._parsed, answer), folder)

    @cached_property
    def _placeholder(self) -> Query:
        return self._query(_NOBODY if self.among else None)

    @cached_property
    def _parsed(self) -> Any:
        return self.method.parse(self.options.value)

    def _query(self, among: pa.Table | None) -> Query:
        until = parse_instant(self.fit_until, timezone=self.catalog_model.timezone)
        return self.method.fit_query(
            self._parsed, catalog=self.catalog_model, fitting=Fitting(until=until, among=among)
        )


class FitTopCategories(FitFeature):
    """The most frequent values of categories."""

    VERSION = 3
    method = TOP_CATEGORIES


class FitItemEmbeddings(FitFeature):
    """Vectors of the items of events."""

    VERSION = 3
    method = ITEM_EMBEDDINGS


class FitTextEmbeddings(FitFeature):
    """Vectors of the terms of texts."""

    VERSION = 3
    method = TEXT_EMBEDDINGS


class FitEventSequences(FitFeature):
    """The codes of the most frequent values of categories."""

    VERSION = 3
    method = EVENT_SEQUENCES


def write_state(state: State, folder: Path) -> None:
    """Write one file per table."""
    for name, table in state.items():
        write_table(table, folder / f"{name}.parquet")


def read_state(artefact: Artefact) -> State:
    """Read what `write_state` has written."""
    return {name.removesuffix(".parquet"): artefact.table(name) for name in artefact.names}


def _engine(library: str | None) -> str | None:
    if library is None:
        return None
    return f"{library} {'.'.join(version(library).split('.')[:2])}"
