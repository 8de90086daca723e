"""From what a learned method's query found to the rows that describe entities."""

from __future__ import annotations

import pyarrow as pa
from pydantic import BaseModel

from mushroom.features.error import FeatureError
from mushroom.features.facts import FACTS
from mushroom.features.learned.method import LearnedMethod, State
from mushroom.features.rows import KEYS, feature_rows, is_aligned

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
    """The rows of a learned feature, aligned with their entities; see `feature_rows`.

    Raises:
        FeatureError: If the rows are not those of the entities in their order.
    """
    rows = method.finish(options, found, entities=entities, state=state)
    if not method.is_sequence:
        return feature_rows(rows, name=name, entities=entities)
    if not is_aligned(rows, entities):
        raise FeatureError(
            f"The {rows.num_rows} rows of the feature {name!r} are not those of the "
            f"{entities.num_rows} entity rows; entity rows must be unique in (entity_id, as_of) "
            "and sorted by them."
        )
    own = (*KEYS, *FACTS)
    return rows.rename_columns([n if n in own else f"{name}.{n}" for n in rows.column_names])
