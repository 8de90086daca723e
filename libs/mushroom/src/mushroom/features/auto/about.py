"""Which tables of a catalogue speak of the entities to describe, and which of others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mushroom.catalog import Attributes, Catalog, Events
from mushroom.catalog.model import Column

__all__ = ["tables_about"]


def tables_about(catalog: Catalog, entity: str | None) -> Iterator[str]:
    """The tables about the entities whose ids stand in a column; None: it is not known which.

    A table that another one refers to, or whose column of ids another one describes its entities
    by, is about other entities, unless its entity stands in that column.
    """
    tables = catalog.tables
    others = {
        reference.table
        for table in tables.values()
        if isinstance(table, Events)
        for reference in table.references.values()
    }
    ids = {column.column for table in tables.values() for column in _columns(table)}
    for name, table in tables.items():
        is_of_others = name in others or (entity is not None and table.entity in ids)
        if not is_of_others or table.entity == entity:
            yield name


def _columns(table: Events | Attributes) -> Iterable[Column]:
    if isinstance(table, Attributes):
        return table.columns.values()
    return (*table.measures.values(), *table.categories.values())
