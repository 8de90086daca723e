"""Checks of the names that options take from the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from mushroom.catalog import Attributes, Catalog, Column, Events
from mushroom.features.error import FeatureError
from mushroom.names import suggest

__all__ = ["check_is_known", "check_names", "check_table"]

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
    what: str, names: Collection[str] | None, known: Mapping[str, Column], *, table: str
) -> None:
    """Check that a table has all measures, categories or columns that an option lists.

    Raises:
        FeatureError: If it lacks one, or one is known only after the outcome; the path names the
            option and the place in its list.
    """
    for position, name in enumerate(names or ()):
        if name not in known:
            raise FeatureError(
                f"`{table}` has no {what} {name!r}; {suggest(name, known)}",
                path=(_PLURAL[what], position),
            )
        check_is_known(what, name, known[name], table=table, path=(_PLURAL[what], position))


def check_is_known(
    what: str, name: str, column: Column, *, table: str, path: tuple[str | int, ...]
) -> None:
    """Check that the value of a measure, category or column may be used by a feature at all.

    Raises:
        FeatureError: If it is known only after the outcome.
    """
    if column.known_at is not None and column.known_at.is_after_outcome:
        raise FeatureError(
            f"The {what} {name!r} of `{table}` is known {column.known_at}, as its `known_at` in "
            "the catalogue says; leave it out.",
            path=path,
        )
