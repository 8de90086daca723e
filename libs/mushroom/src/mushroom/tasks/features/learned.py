"""One task per learned feature method: describes entities by what its fit has learned."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar

import pyarrow as pa
from gokart_store import ShardedDataset, UpstreamParameter

from mushroom.features.learned import LearnedMethod, State
from mushroom.features.learned.describe import learned_rows
from mushroom.features.learned.registry import (
    EVENT_SEQUENCES,
    ITEM_EMBEDDINGS,
    TEXT_EMBEDDINGS,
    TOP_CATEGORIES,
)
from mushroom.query import Query
from mushroom.tasks.features.aligned import NO_ENTITIES, AlignedTask, Shards
from mushroom.tasks.features.fit import read_state
from mushroom.warehouse import Warehouse

__all__ = [
    "ApplyFeature",
    "EventSequences",
    "ItemEmbeddings",
    "TextEmbeddings",
    "TopCategories",
]


class ApplyFeature(AlignedTask):
    """Features of the entities by a fitted state, as a dataset that is row-aligned with them.

    The id holds the fit, the name, the options and the query that they make of no state.

    Args:
        fit: The `FitFeature` of the same method.
    """

    method: ClassVar[LearnedMethod]

    fit = UpstreamParameter()

    def queries(self) -> dict[str, Query]:
        """The one query, over no entities and no state yet."""
        return {"features": self._placeholder}

    def fingerprint(self) -> dict[str, Any]:
        """The query and snapshot, and the options: how columns are named depends on them too."""
        return {**super().fingerprint(), "options": self._parsed.model_dump(mode="json")}

    def _shards(self, warehouse: Warehouse) -> Iterator[pa.Table]:
        dataset: ShardedDataset = self.entities.result()
        state = read_state(self.fit.result())
        query = self._query(dataset.shard(0), state)
        answers = warehouse.run_parts(query, "entities", Shards(dataset), threads=self.threads)
        for entities, found in zip(Shards(dataset), answers, strict=True):
            yield learned_rows(
                self.method, self._parsed, found, name=self.name, entities=entities, state=state
            )

    @cached_property
    def _placeholder(self) -> Query:
        return self._query(NO_ENTITIES, None)

    @cached_property
    def _parsed(self) -> Any:
        return self.method.parse(self.options.value)

    def _query(self, entities: pa.Table, state: State | None) -> Query:
        return self.method.query(
            self._parsed, catalog=self.catalog_model, entities=entities, state=state
        )


class TopCategories(ApplyFeature):
    """Counts, sums and shares of the most frequent values of categories."""

    VERSION = 3
    method = TOP_CATEGORIES


class ItemEmbeddings(ApplyFeature):
    """Entities by the items of their events, in a few dimensions."""

    VERSION = 3
    method = ITEM_EMBEDDINGS


class TextEmbeddings(ApplyFeature):
    """Entities by the words of a text about them, in a few dimensions."""

    VERSION = 3
    method = TEXT_EMBEDDINGS


class EventSequences(ApplyFeature):
    """The last events of an entity, one after another, for models of sequences."""

    VERSION = 3
    method = EVENT_SEQUENCES
    holds_sequences = True
