"""The query that describes entities by the vectors of their text's terms."""

from __future__ import annotations

import pyarrow as pa
from sqlglot import exp

from mushroom.catalog import Catalog, entity_id
from mushroom.features.event_windows.names import ROW
from mushroom.features.event_windows.seen import described
from mushroom.features.expressions import column, count, equal, micros, named, number
from mushroom.features.factors.products import weighed
from mushroom.features.factors.projection import dimension_columns, projected
from mushroom.features.learned.method import State
from mushroom.features.learned.rows import one_row_each
from mushroom.features.text_embeddings.check import check_text_embeddings
from mushroom.features.text_embeddings.options import TextEmbeddingsOptions
from mushroom.features.text_embeddings.terms import latest, term_counts, texts
from mushroom.query import LocalRows, PhysicalTable, Query

__all__ = ["build_text_embeddings"]


def build_text_embeddings(
    options: TextEmbeddingsOptions, *, catalog: Catalog, entities: pa.Table, state: State
) -> Query:
    """The query that folds each entity's text into the dimensions of a fit.

    The text is that of the latest row with ``valid_from <= data_until``, as in
    `entity_attributes`. How often a term stands in it counts by ``ln(1 + times)``, times the term's
    rarity; the row of these weights times the terms' vectors are the columns ``d0``, ``d1`` and so
    on, strongest first. Terms that the fit does not know count for nothing.

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
    table = check_text_embeddings(options, catalog)
    steps: dict[str, exp.Select] = {
        "described": described(),
        "attribute": texts(catalog, options.table, options.column),
        "latest": latest(_known(is_versioned=table.valid_from is not None), ROW),
        "facts": _facts(),
        "cells": weighed(term_counts(ROW, words=options.words), key=ROW),
        "projected": projected(options.dimensions),
    }
    tree = one_row_each(steps, dict(dimension_columns(options.dimensions)), joined=["projected"])
    return Query(
        tree=tree,
        relations={
            "entities": LocalRows(rows=entities),
            "attributes": PhysicalTable(name=table.table),
            "items": LocalRows(rows=state["items"]),
        },
        by_entity={"attributes": entity_id(table)},
    )


def _known(*, is_versioned: bool) -> exp.Select:
    """Each entity row beside every row that it may see."""
    on: exp.Expr = equal(column("entity_id", "attribute"), column("entity_id", "described"))
    if is_versioned:
        since = micros(column("since", "attribute"))
        on = exp.and_(on, exp.LTE(this=since, expression=column("until_us", "described")))
    names = (column(ROW, "described"), column("since", "attribute"), column("text", "attribute"))
    return exp.select(*names).from_("described").join("attribute", on=on)


def _facts() -> exp.Select:
    """A text holds no number, and so none that is not finite."""
    return (
        exp.select(column(ROW), named(count(None), "events"), named(number(0), "odd"))
        .from_("latest")
        .group_by(column(ROW))
    )
