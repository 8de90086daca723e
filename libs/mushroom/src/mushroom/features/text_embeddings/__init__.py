"""Entities by the words of a text about them, in a few dimensions."""

from mushroom.features.text_embeddings.build import build_text_embeddings
from mushroom.features.text_embeddings.check import check_text_embeddings
from mushroom.features.text_embeddings.fit import gather_terms, learn_terms
from mushroom.features.text_embeddings.options import TextEmbeddingsOptions

__all__ = [
    "TextEmbeddingsOptions",
    "build_text_embeddings",
    "check_text_embeddings",
    "gather_terms",
    "learn_terms",
]
