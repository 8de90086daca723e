"""What can go wrong in mushroom. Messages say what is wrong, the value seen, what to do."""

from __future__ import annotations

__all__ = [
    "CatalogError",
    "EntityError",
    "MethodError",
    "MushroomError",
    "QueryError",
    "SnapshotChangedError",
    "WarehouseError",
]


class MushroomError(Exception):
    """Base class of everything that mushroom raises on purpose."""


class QueryError(MushroomError):
    """A query is not well formed: a syntax error, an unknown relation, an unbound parameter."""


class WarehouseError(MushroomError):
    """The warehouse cannot be opened, or refused a query."""


class SnapshotChangedError(WarehouseError):
    """The data changed after the run was planned, so that a result would mix two states of it."""


class CatalogError(MushroomError):
    """The catalogue is not well formed, or does not fit the warehouse."""


class EntityError(MushroomError):
    """Entity rows or labels are not usable."""


class MethodError(MushroomError):
    """A download method is unknown, or its parameters do not fit its declaration."""
