"""Counts, sums and shares of the most frequent values of a category."""

from mushroom.features.top_categories.build import build_top_categories
from mushroom.features.top_categories.check import check_top_categories
from mushroom.features.top_categories.fit import (
    FREQUENT,
    gather_frequent,
    learn_vocabulary,
)
from mushroom.features.top_categories.options import TopCategoriesOptions
from mushroom.features.top_categories.rename import name_values

__all__ = [
    "FREQUENT",
    "TopCategoriesOptions",
    "build_top_categories",
    "check_top_categories",
    "gather_frequent",
    "learn_vocabulary",
    "name_values",
]
