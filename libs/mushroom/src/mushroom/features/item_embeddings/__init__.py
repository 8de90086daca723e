"""Entities by the items of their events, in a few dimensions."""

from mushroom.features.item_embeddings.build import build_item_embeddings
from mushroom.features.item_embeddings.fit import check_item_embeddings, gather_items, learn_items
from mushroom.features.item_embeddings.options import ItemEmbeddingsOptions

__all__ = [
    "ItemEmbeddingsOptions",
    "build_item_embeddings",
    "check_item_embeddings",
    "gather_items",
    "learn_items",
]
