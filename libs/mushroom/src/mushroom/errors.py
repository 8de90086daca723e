"""What can go wrong in mushroom. Messages say what is wrong, the value seen, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

__all__ = [
    "CatalogError",
    "DocumentError",
    "EntityError",
    "Fault",
    "MethodError",
    "MushroomError",
    "QueryError",
    "SnapshotChangedError",
    "WarehouseError",
    "about",
]


class MushroomError(Exception):
    """Base class of everything that mushroom raises on purpose."""


class QueryError(MushroomError):
    """A query is not well formed: a syntax error, an unknown relation, an unbound parameter.

    Attributes:
        line: The line of the query's text that is at fault, from 1; None where it is not known.
    """

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class WarehouseError(MushroomError):
    """The warehouse cannot be opened, or refused a query."""


class SnapshotChangedError(WarehouseError):
    """The data changed after the run was planned, so that a result would mix two states of it."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is wrong in a document.

    Attributes:
        path: Where it lies, as keys and positions from the top: `("tables", "orders", "time")`.
        message: What is wrong there, and what to do.
    """

    path: tuple[str | int, ...]
    message: str

    def __str__(self) -> str:
        field = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.path)
        return f"`{field.lstrip('.')}`: {self.message}" if field else self.message


class DocumentError(MushroomError):
    """A YAML file cannot be read.

    Attributes:
        problems: One full sentence each, with file and line where they are known.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class CatalogError(MushroomError):
    """The catalogue is not well formed, or does not fit the warehouse.

    Attributes:
        faults: What is wrong, where the places in the catalogue are known.
    """

    def __init__(self, message: str, *, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class EntityError(MushroomError):
    """Entity rows or labels are not usable.

    Attributes:
        faults: What is wrong, where the fields of the labels' options at fault are known.
    """

    def __init__(self, message: str, *, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


@contextmanager
def about(*path: str | int) -> Iterator[None]:
    """Say of an EntityError of the block which field of the options it is about."""
    try:
        yield
    except EntityError as error:
        faults = error.faults or (Fault(path=(), message=str(error)),)
        placed = [Fault(path=(*path, *fault.path), message=fault.message) for fault in faults]
        raise EntityError(str(error), faults=placed) from error.__cause__


class MethodError(MushroomError):
    """A download method is unknown, or its parameters do not fit its declaration."""
