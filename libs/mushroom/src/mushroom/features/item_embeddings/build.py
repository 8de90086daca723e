"""The query that describes entities by the vectors of their items."""

from __future__ import annotations

import pyarrow as pa

from mushroom.catalog import Catalog, entity_id
from mushroom.features.event_windows.names import ROW
from mushroom.features.factors.products import weighed
from mushroom.features.factors.projection import dimension_columns, projected
from mushroom.features.item_embeddings.fit import amounts, check_item_embeddings
from mushroom.features.item_embeddings.options import ItemEmbeddingsOptions
from mushroom.features.learned.method import State
from mushroom.features.learned.rows import event_steps, one_row_each
from mushroom.query import LocalRows, PhysicalTable, Query

__all__ = ["build_item_embeddings"]


def build_item_embeddings(
    options: ItemEmbeddingsOptions, *, catalog: Catalog, entities: pa.Table, state: State
) -> Query:
    """The query that folds each entity's items into the dimensions of a fit.

    Events and windows are those of `event_windows`. How much an entity has of an item, the number
    of events or the sum of a measure (0 where negative), counts by ``ln(1 + amount)``, times the
    item's rarity; the row of these weights times the items' vectors are the columns ``d0``, ``d1``
    and so on, strongest first. Items that the fit does not know count for nothing.

    Args:
        options: What to compute.
        catalog: A checked catalogue that has the table.
        entities: Entity rows, unique in (entity_id, as_of).
        state: The vectors.

    Returns:
        A query as `FeatureMethod.build` has it.

    Raises:
        FeatureError: If the catalogue lacks what the options name.
    """
    table = check_item_embeddings(options, catalog)
    steps = event_steps(
        catalog,
        options.table,
        measures=options.measures,
        categories=[options.category],
        windows=[options.parsed_window],
    )
    steps |= {
        "cells": weighed(amounts(options, "seen", key=ROW), key=ROW),
        "projected": projected(options.dimensions),
    }
    tree = one_row_each(steps, dict(dimension_columns(options.dimensions)), joined=["projected"])
    return Query(
        tree=tree,
        relations={
            "entities": LocalRows(rows=entities),
            "events": PhysicalTable(name=table.table),
            "items": LocalRows(rows=state["items"]),
        },
        by_entity={"events": entity_id(table)},
    )
