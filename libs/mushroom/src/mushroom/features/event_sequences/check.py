"""Holds the options of `event_sequences` against a catalogue."""

from __future__ import annotations

from mushroom.catalog import Catalog, Events
from mushroom.features.catalog_names import check_names, check_table
from mushroom.features.event_sequences.options import EventSequencesOptions

__all__ = ["check_event_sequences"]


def check_event_sequences(options: EventSequencesOptions, catalog: Catalog) -> Events:
    """The table that the options speak of.

    Raises:
        FeatureError: If the catalogue lacks the table, a measure or a category.
    """
    table = check_table(options.table, catalog, Events)
    check_names("measure", options.measures, table.measures, table=options.table)
    check_names("category", options.categories, table.categories, table=options.table)
    return table
