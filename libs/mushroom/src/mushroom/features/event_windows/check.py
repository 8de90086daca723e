"""Holds the options of `event_windows` against a catalogue."""

from __future__ import annotations

from mushroom.catalog import Catalog, Events
from mushroom.features.catalog_names import check_names, check_table
from mushroom.features.error import FeatureError
from mushroom.features.event_windows.calendar import has_hours
from mushroom.features.event_windows.options import EventWindowsOptions

__all__ = ["check_aggregates", "check_event_windows"]


def check_event_windows(options: EventWindowsOptions, catalog: Catalog) -> Events:
    """The table that the options speak of.

    Raises:
        FeatureError: If the catalogue lacks the table, a measure or a category, the options ask for
            no column at all, or for times of day where there are dates.
    """
    table = check_table(options.table, catalog, Events)
    check_names("measure", options.measures, table.measures, table=options.table)
    check_names("category", options.categories, table.categories, table=options.table)
    check_aggregates(options, table, name=options.table, catalog=catalog, timed=options.table)
    return table


def check_aggregates(
    options: EventWindowsOptions, table: Events, *, name: str, catalog: Catalog, timed: str
) -> None:
    """Check that the aggregates have something to describe.

    Args:
        options: The options.
        table: The table whose measures and categories are described.
        name: Its name in the catalogue.
        catalog: The catalogue.
        timed: The catalogue's name of the table whose times count.

    Raises:
        FeatureError: If they make no column, or ask for times of day where there are dates.
    """
    if not options.makes_columns(table):
        raise FeatureError(
            f"The aggregates {', '.join(options.aggregates) or '(none)'} make no column of "
            f"`{name}`: they need a measure or a category, and there is none; add one to "
            "the catalogue, or choose other aggregates, such as `count`.",
            path=("aggregates",),
        )
    if "hours" in options.aggregates and not has_hours(catalog, timed):
        raise FeatureError(
            f"`{timed}` has dates and no times of day; leave out the aggregate `hours`.",
            path=("aggregates",),
        )
