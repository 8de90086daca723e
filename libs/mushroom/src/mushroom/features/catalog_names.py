"""Checks of the names that options take from the catalogue."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from mushroom.catalog import Attributes, Catalog, Events
from mushroom.features.error import FeatureError
from mushroom.names import suggest

__all__ = ["check_names", "check_table"]

T = TypeVar("T", Events, Attributes)

_PLURAL = {"measure": "measures", "category": "categories", "column": "columns"}


def check_table(name: str, catalog: Catalog, kind: type[T]) -> T:
    """The catalogue's table of that name.

    Raises:
        FeatureError: If there is none, or it is of another kind.
    """
    of_kind = [known for known, table in catalog.tables.items() if isinstance(table, kind)]
    wanted = kind.__name__.lower()
    table = catalog.tables.get(name)
    if table is None:
        raise FeatureError(
            f"The catalogue has no table {name!r}; of {wanted}, {suggest(name, of_kind)}",
            path=("table",),
        )
    if not isinstance(table, kind):
        raise FeatureError(
            f"The table {name!r} is of the kind {table.kind}, and this method reads {wanted}; "
            f"of these, {suggest(name, of_kind)}",
            path=("table",),
        )
    return table


def check_names(
    what: str, names: Collection[str] | None, known: Collection[str], *, table: str
) -> None:
    """Check that a table has all measures, categories or columns that an option lists.

    Raises:
        FeatureError: If it lacks one; the path names the option and the place in its list.
    """
    for position, name in enumerate(names or ()):
        if name not in known:
            raise FeatureError(
                f"`{table}` has no {what} {name!r}; {suggest(name, known)}",
                path=(_PLURAL[what], position),
            )
