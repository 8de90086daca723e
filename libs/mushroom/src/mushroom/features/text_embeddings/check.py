"""Holds the options of `text_embeddings` against a catalogue."""

from __future__ import annotations

from mushroom.catalog import Attributes, Catalog
from mushroom.features.catalog_names import check_is_known
from mushroom.features.entity_attributes import EntityAttributesOptions, check_entity_attributes
from mushroom.features.error import FeatureError
from mushroom.features.text_embeddings.options import TextEmbeddingsOptions
from mushroom.names import suggest

__all__ = ["check_text_embeddings"]


def check_text_embeddings(options: TextEmbeddingsOptions, catalog: Catalog) -> Attributes:
    """The table that the options speak of.

    Raises:
        FeatureError: If the catalogue lacks the table or the column, the column holds no text, or
            the table cannot tell what was known at a past time.
    """
    table = check_entity_attributes(EntityAttributesOptions(table=options.table), catalog)
    if options.column not in table.columns:
        raise FeatureError(
            f"`{options.table}` has no column {options.column!r}; "
            f"{suggest(options.column, table.columns)}",
            path=("column",),
        )
    found = table.columns[options.column]
    check_is_known("column", options.column, found, table=options.table, path=("column",))
    column = found.column
    kind = None if column is None else table.types.get(column)
    if kind not in (None, "STRING"):
        raise FeatureError(
            f"The column {options.column!r} of `{options.table}` is of the type {kind}, and no "
            "text; choose another.",
            path=("column",),
        )
    return table
