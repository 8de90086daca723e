"""What a `text_embeddings` feature learns: vectors of the terms that stand in many texts."""

from __future__ import annotations

import pyarrow as pa
from sqlglot import exp

from mushroom.catalog import Catalog
from mushroom.features.expressions import column
from mushroom.features.factors.learn import learn_factors
from mushroom.features.factors.products import item_products, weighed
from mushroom.features.learned.method import Fitting, State
from mushroom.features.learned.past import fit_query, is_fitted, until
from mushroom.features.text_embeddings.check import check_text_embeddings
from mushroom.features.text_embeddings.options import TextEmbeddingsOptions
from mushroom.features.text_embeddings.terms import latest, term_counts, texts
from mushroom.query import Query

__all__ = ["gather_terms", "learn_terms"]


def gather_terms(options: TextEmbeddingsOptions, *, catalog: Catalog, fitting: Fitting) -> Query:
    """The query for the products of terms, over the text of each entity as last known.

    Raises:
        FeatureError: If the catalogue lacks what the options name.
    """
    table = check_text_embeddings(options, catalog)
    known = exp.select("*").from_(texts(catalog, options.table, options.column).subquery("texts"))
    if table.valid_from is not None:
        known = known.where(exp.LTE(this=column("since"), expression=until()))
    if fitting.among is not None:
        known = known.where(is_fitted())
    steps = {
        "latest": latest(known, "entity_id"),
        "cells": weighed(term_counts("entity_id", words=options.words), key="entity_id"),
    }
    return fit_query(
        item_products(steps),
        relation="attributes",
        table=table.table,
        fitting=fitting,
        parameters={"items": options.terms},
    )


def learn_terms(options: TextEmbeddingsOptions, answer: pa.Table) -> State:
    """The vectors of the terms; see `learn_factors`."""
    return learn_factors(answer, dimensions=options.dimensions, is_rarity_weighed=True)
