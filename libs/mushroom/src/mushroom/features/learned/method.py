"""What a learned feature method is: a fit, and a query that describes entities by its state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from pydantic import BaseModel

from mushroom.catalog import Catalog
from mushroom.features.method import FeatureMethod
from mushroom.query import Query

__all__ = ["Fitting", "LearnedMethod", "State", "as_answered"]

State = Mapping[str, pa.Table]
"""What a fit has learned: tables by name."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Fitting:
    """What may be learned from.

    Attributes:
        until: Only what could be known at this time counts.
        among: Rows of ``entity_id``: only what happened to these counts; None: to anybody.
    """

    until: datetime
    among: pa.Table | None = None


@dataclass(frozen=True, kw_only=True)
class LearnedMethod(FeatureMethod):
    """A feature method in two steps, each a query and a pure function.

    Two laws hold: no row after `Fitting.until`, and nothing of an entity that is not `among` them,
    changes the state; given the state, no row after ``data_until`` changes a feature.

    `build` (see `FeatureMethod`) takes the ``state`` as well.

    Attributes:
        learning: The options that `learn` depends on beside the answer of `gather`'s query.
        engine: The library whose release may change what is learned; None: none does.
        gather: Takes options, a checked ``catalog`` and ``fitting``, and makes the query for what
            is learned from, aggregated and sorted.
        answer: The schema of that query's answer.
        learn: Takes options and the answer, and returns the state.
        finish: Takes options, the rows that `build`'s query found, the ``entities`` and the
            ``state``, and returns the rows that describe them.
        is_sequence: Whether the rows hold lists: a dataset for models of sequences, and no
            columns of a table.
    """

    learning: tuple[str, ...] = ()
    engine: str | None = None
    gather: Callable[..., Query]
    answer: pa.Schema
    learn: Callable[[Any, pa.Table], State]
    finish: Callable[..., pa.Table]
    is_sequence: bool = False

    def fit_query(self, options: BaseModel, *, catalog: Catalog, fitting: Fitting) -> Query:
        """The query for what is learned from.

        Raises:
            FeatureError: If the options do not fit the catalogue, or the ids among which it is
                fitted are of another type than the table's.
        """
        self.check_entities(options, catalog, fitting.among)
        return self.gather(options, catalog=catalog, fitting=fitting)

    def fit(self, options: BaseModel, answer: pa.Table) -> State:
        """What is learned from the answer."""
        return self.learn(options, as_answered(answer, self.answer))

    def unlearned(self, options: BaseModel) -> State:
        """What is learned from nothing."""
        return self.learn(options, self.answer.empty_table())

    def query(
        self,
        options: BaseModel,
        *,
        catalog: Catalog,
        entities: pa.Table,
        state: State | None = None,
    ) -> Query:
        """The query that describes these entity rows by a state; by default, what nothing teaches.

        Raises:
            FeatureError: If the options do not fit the catalogue, or the ids are of another type
                than the table's.
        """
        self.check_entities(options, catalog, entities)
        learned = self.unlearned(options) if state is None else state
        return self.build(options, catalog=catalog, entities=entities, state=learned)


def as_answered(answer: pa.Table, schema: pa.Schema) -> pa.Table:
    """The columns of the schema, in its types, in one chunk each."""
    return answer.select(schema.names).cast(schema).combine_chunks()
