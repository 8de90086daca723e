"""Whether a catalogue's references lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mushroom.catalog.model import Catalog, Events
from mushroom.errors import Fault
from mushroom.names import suggest

__all__ = ["reference_faults"]


def reference_faults(catalog: Catalog, types: Mapping[str, Mapping[str, str]]) -> Iterator[Fault]:
    """What is wrong with the tables that references name, and with the types of both ends.

    Args:
        catalog: The catalogue.
        types: The types of the columns of its tables, as far as they are in the warehouse.
    """
    for name, table in catalog.tables.items():
        if not isinstance(table, Events):
            continue
        for label, reference in table.references.items():
            path = ("tables", name, "references", label)
            target = catalog.tables.get(reference.table)
            if target is None:
                hint = suggest(reference.table, catalog.tables)
                message = f"the catalogue has no table {reference.table!r}; {hint}"
                yield Fault(path=(*path, "table"), message=message)
                continue
            ours = types.get(name, {}).get(reference.column)
            theirs = types.get(reference.table, {}).get(target.entity)
            if ours is not None and theirs is not None and ours != theirs:
                yield Fault(
                    path=(*path, "column"),
                    message=f"the column {reference.column!r} is of the type {ours}, and "
                    f"{target.entity!r}, the entity of {reference.table!r}, is of the type "
                    f"{theirs}; no id of one would be found in the other.",
                )
