"""Holds the options of `related` against a catalogue."""

from __future__ import annotations

from mushroom.catalog import Attributes, Catalog, Events
from mushroom.features.catalog_names import check_names, check_table
from mushroom.features.error import FeatureError
from mushroom.features.event_windows.check import check_aggregates
from mushroom.features.related.attributes import as_events
from mushroom.features.related.options import RelatedOptions
from mushroom.names import suggest

__all__ = ["check_related", "referred"]


def check_related(options: RelatedOptions, catalog: Catalog) -> Events:
    """The table that refers.

    Raises:
        FeatureError: If the catalogue lacks the table, the reference, or what is wanted of the
            table behind it; or that table cannot tell what was known at a past time.
    """
    table = check_table(options.table, catalog, Events)
    if options.reference not in table.references:
        raise FeatureError(
            f"`{options.table}` has no reference {options.reference!r}; "
            f"{suggest(options.reference, table.references)}",
            path=("reference",),
        )
    name = table.references[options.reference].table
    target = referred(options, catalog)
    if isinstance(target, Attributes) and not target.is_historic:
        raise FeatureError(
            f"What `{name}` says today may not have been known at a past time. Give its entry in "
            "the catalogue `valid_from`, or `immutable: true` if its values never change.",
            path=("reference",),
        )
    found = as_events(target, options) if isinstance(target, Attributes) else target
    timed = options.table if isinstance(target, Attributes) else name
    known = target.columns if isinstance(target, Attributes) else None
    check_names("measure", options.measures, known or found.measures, table=name)
    check_names("category", options.categories, known or found.categories, table=name)
    check_aggregates(options, found, name=name, catalog=catalog, timed=timed)
    return table


def referred(options: RelatedOptions, catalog: Catalog) -> Events | Attributes:
    """The table that the reference leads to.

    Raises:
        FeatureError: If the catalogue lacks it.
    """
    name = catalog.events(options.table).references[options.reference].table
    if name not in catalog.tables:
        raise FeatureError(
            f"The reference {options.reference!r} leads to the table {name!r}, which the "
            f"catalogue lacks; {suggest(name, catalog.tables)}",
            path=("reference",),
        )
    return catalog.table(name)
