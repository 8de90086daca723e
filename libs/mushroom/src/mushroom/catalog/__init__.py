"""The catalogue: what a company's tables and columns mean, by logical names."""

from mushroom.catalog.check import check_catalog
from mushroom.catalog.expressions import entity_id
from mushroom.catalog.known_at import KnownAt, known_with_row
from mushroom.catalog.load import load_catalog
from mushroom.catalog.model import Attributes, Catalog, Column, Events, Measure, Reference
from mushroom.catalog.rows import attribute_rows, event_rows

__all__ = [
    "Attributes",
    "Catalog",
    "Column",
    "Events",
    "KnownAt",
    "Measure",
    "Reference",
    "attribute_rows",
    "check_catalog",
    "entity_id",
    "event_rows",
    "known_with_row",
    "load_catalog",
]
