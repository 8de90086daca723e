"""From what a learned method's query found to the rows that describe entities."""

from __future__ import annotations

import pyarrow as pa
from pydantic import BaseModel

from mushroom.features.learned.method import LearnedMethod, State
from mushroom.features.rows import feature_rows

__all__ = ["learned_rows"]


def learned_rows(
    method: LearnedMethod,
    options: BaseModel,
    found: pa.Table,
    *,
    name: str,
    entities: pa.Table,
    state: State,
) -> pa.Table:
    """The rows of a learned feature, aligned with their entities; see `feature_rows`."""
    rows = method.finish(options, found, entities=entities, state=state)
    return feature_rows(rows, name=name, entities=entities)
