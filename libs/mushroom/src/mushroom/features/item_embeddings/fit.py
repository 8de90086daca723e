"""What an `item_embeddings` feature learns: vectors of the items that many entities have."""

from __future__ import annotations

import pyarrow as pa
from sqlglot import exp

from mushroom.catalog import Catalog, Events
from mushroom.features.catalog_names import check_is_known, check_table
from mushroom.features.error import FeatureError
from mushroom.features.event_windows.names import category, measure
from mushroom.features.expressions import column, count, is_known, micros, named, number
from mushroom.features.factors.learn import learn_factors
from mushroom.features.factors.products import item_products, weighed
from mushroom.features.item_embeddings.options import ItemEmbeddingsOptions
from mushroom.features.learned.method import Fitting, State
from mushroom.features.learned.past import fit_query, past_events, until
from mushroom.names import suggest
from mushroom.query import Query

__all__ = ["amounts", "check_item_embeddings", "gather_items", "learn_items"]


def check_item_embeddings(options: ItemEmbeddingsOptions, catalog: Catalog) -> Events:
    """The table that the options speak of.

    Raises:
        FeatureError: If the catalogue lacks the table, the category or the measure.
    """
    table = check_table(options.table, catalog, Events)
    for what, name, known in (
        ("category", options.category, table.categories),
        ("measure", options.measure, table.measures),
    ):
        if name is not None and name not in known:
            raise FeatureError(
                f"`{options.table}` has no {what} {name!r}; {suggest(name, known)}", path=(what,)
            )
        if name is not None:
            check_is_known(what, name, known[name], table=options.table, path=(what,))
    return table


def gather_items(options: ItemEmbeddingsOptions, *, catalog: Catalog, fitting: Fitting) -> Query:
    """The query for the products of items, over the entities' events of the window.

    Raises:
        FeatureError: If the catalogue lacks what the options name.
    """
    table = check_item_embeddings(options, catalog)
    past = past_events(
        catalog,
        options.table,
        measures=options.measures,
        categories=[options.category],
        fitting=fitting,
    )
    if (length_us := options.parsed_window.length_us) is not None:
        age = exp.Sub(this=micros(until()), expression=micros(column("event_time")))
        past = past.where(exp.LT(this=age, expression=number(length_us)))
    cells = weighed(amounts(options, "past", key="entity_id"), key="entity_id")
    return fit_query(
        item_products({"past": past, "cells": cells}),
        relation="events",
        table=table.table,
        fitting=fitting,
        parameters={"items": options.items},
    )


def amounts(options: ItemEmbeddingsOptions, source: str, *, key: str) -> exp.Select:
    """How much of each item there is, by a key."""
    item = column(category(options.category))
    if options.measure is None:
        amount = count(None)
    else:
        amount = exp.Sum(this=column(measure(options.measure)))
    return (
        exp.select(column(key), named(item, "item"), named(amount, "amount"))
        .from_(source)
        .where(is_known(item.copy()))
        .group_by(column(key), item.copy())
    )


def learn_items(options: ItemEmbeddingsOptions, answer: pa.Table) -> State:
    """The vectors of the items; see `learn_factors`."""
    return learn_factors(answer, dimensions=options.dimensions, is_rarity_weighed=options.rarity)
