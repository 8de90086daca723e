"""Holds the options of `top_categories` against a catalogue."""

from __future__ import annotations

from mushroom.catalog import Catalog, Events
from mushroom.features.catalog_names import check_names, check_table
from mushroom.features.error import FeatureError
from mushroom.features.top_categories.options import TopCategoriesOptions

__all__ = ["check_top_categories"]


def check_top_categories(options: TopCategoriesOptions, catalog: Catalog) -> Events:
    """The table that the options speak of.

    Raises:
        FeatureError: If the catalogue lacks the table, a measure or a category, or there is nothing
            to count.
    """
    table = check_table(options.table, catalog, Events)
    check_names("measure", options.measures, table.measures, table=options.table)
    check_names("category", options.categories, table.categories, table=options.table)
    if not options.categories_of(table):
        raise FeatureError(
            f"`{options.table}` has no category to count the values of; add one to the catalogue.",
            path=("categories",),
        )
    if set(options.aggregates) == {"sum"} and not options.measures_of(table):
        raise FeatureError(
            f"`{options.table}` has no measure to sum; add one to the catalogue, or choose `count` "
            "or `share`.",
            path=("aggregates",),
        )
    return table
