"""The learned feature methods."""

from __future__ import annotations

from mushroom.features.event_sequences import (
    EventSequencesOptions,
    as_lists,
    build_event_sequences,
    check_event_sequences,
    gather_codes,
)
from mushroom.features.factors import PRODUCTS
from mushroom.features.item_embeddings import (
    ItemEmbeddingsOptions,
    build_item_embeddings,
    check_item_embeddings,
    gather_items,
    learn_items,
)
from mushroom.features.learned.finish import as_found
from mushroom.features.learned.method import LearnedMethod
from mushroom.features.text_embeddings import (
    TextEmbeddingsOptions,
    build_text_embeddings,
    check_text_embeddings,
    gather_terms,
    learn_terms,
)
from mushroom.features.top_categories import (
    FREQUENT,
    TopCategoriesOptions,
    build_top_categories,
    check_top_categories,
    gather_frequent,
    learn_vocabulary,
    name_values,
)

__all__ = [
    "EVENT_SEQUENCES",
    "ITEM_EMBEDDINGS",
    "LEARNED_METHODS",
    "TEXT_EMBEDDINGS",
    "TOP_CATEGORIES",
]

TOP_CATEGORIES = LearnedMethod(
    name="top_categories",
    summary="Counts, sums and shares of the most frequent values of a category.",
    cost="the fit is one pass over the events; the apply one pass over the entities' events, and "
    "for each window and value a column for each aggregate and summed measure.",
    options=TopCategoriesOptions,
    check=check_top_categories,
    gather=gather_frequent,
    answer=FREQUENT,
    learn=learn_vocabulary,
    build=build_top_categories,
    finish=name_values,
)

ITEM_EMBEDDINGS = LearnedMethod(
    name="item_embeddings",
    summary="Entities by the items of their events, in a few dimensions: a truncated SVD.",
    cost="the fit is one pass over the events, then as many products as entities have pairs of "
    "items, and an SVD whose time grows with the cube of `items`; the apply one pass over the "
    "entities' events, and a product for each of their items and dimensions.",
    options=ItemEmbeddingsOptions,
    check=check_item_embeddings,
    learning=("dimensions", "rarity"),
    engine="numpy",
    gather=gather_items,
    answer=PRODUCTS,
    learn=learn_items,
    build=build_item_embeddings,
    finish=as_found,
)

TEXT_EMBEDDINGS = LearnedMethod(
    name="text_embeddings",
    summary="Entities by the words of a text about them, in a few dimensions: TF-IDF and an SVD.",
    cost="the fit is one pass over the texts, then as many products as texts have pairs of terms, "
    "and an SVD whose time grows with the cube of `terms`; the apply one pass over the entities' "
    "texts.",
    options=TextEmbeddingsOptions,
    check=check_text_embeddings,
    learning=("dimensions",),
    engine="numpy",
    gather=gather_terms,
    answer=PRODUCTS,
    learn=learn_terms,
    build=build_text_embeddings,
    finish=as_found,
)

EVENT_SEQUENCES = LearnedMethod(
    name="event_sequences",
    summary="The last events of an entity, one after another, for models of sequences.",
    cost="the fit is one pass over the events; the apply one over the table for each shard, with "
    "`length` events of each entity of a shard in memory.",
    options=EventSequencesOptions,
    check=check_event_sequences,
    gather=gather_codes,
    answer=FREQUENT,
    learn=learn_vocabulary,
    build=build_event_sequences,
    finish=as_lists,
    is_sequence=True,
)

LEARNED_METHODS: tuple[LearnedMethod, ...] = (
    TOP_CATEGORIES,
    ITEM_EMBEDDINGS,
    TEXT_EMBEDDINGS,
    EVENT_SEQUENCES,
)
