"""Holds the options of `entity_attributes` against a catalogue."""

from __future__ import annotations

from mushroom.catalog import Attributes, Catalog, known_with_row
from mushroom.features.catalog_names import check_names, check_table
from mushroom.features.entity_attributes.options import EntityAttributesOptions
from mushroom.features.error import FeatureError

__all__ = ["check_entity_attributes"]


def check_entity_attributes(options: EntityAttributesOptions, catalog: Catalog) -> Attributes:
    """The table that the options speak of.

    Raises:
        FeatureError: If the catalogue lacks the table or a column, or the table cannot tell what
            was known at a past time.
    """
    table = check_table(options.table, catalog, Attributes)
    check_names("column", options.columns, table.columns, table=options.table)
    if not table.is_historic:
        raise FeatureError(
            f"What `{options.table}` says today may not have been known at a past `as_of`. Give "
            "its entry in the catalogue `valid_from`, the column that says since when a row "
            "holds, or `immutable: true` if its values never change.",
            path=("table",),
        )
    if options.columns is None and not known_with_row(table.columns):
        raise FeatureError(
            f"Every column of `{options.table}` is known later than its row, as `known_at` in the "
            "catalogue says; name those to wait for as `columns`.",
            path=("columns",),
        )
    return table
