"""The learned feature methods."""

from __future__ import annotations

from mushroom.features.learned.method import LearnedMethod
from mushroom.features.top_categories import (
    FREQUENT,
    TopCategoriesOptions,
    build_top_categories,
    check_top_categories,
    gather_frequent,
    learn_vocabulary,
    name_values,
)

__all__ = ["LEARNED_METHODS", "TOP_CATEGORIES"]

TOP_CATEGORIES = LearnedMethod(
    name="top_categories",
    summary="Counts, sums and shares of the most frequent values of a category.",
    cost="Fit: one pass over the events. Apply: one pass over the entities' events, and for each "
    "window and value a column for each aggregate and summed measure.",
    options=TopCategoriesOptions,
    check=check_top_categories,
    gather=gather_frequent,
    answer=FREQUENT,
    learn=learn_vocabulary,
    build=build_top_categories,
    finish=name_values,
)

LEARNED_METHODS: tuple[LearnedMethod, ...] = (TOP_CATEGORIES,)
