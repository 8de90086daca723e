"""Finds methods: mushroom's own, those of installed packages, and a team's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.resources import files
from typing import TYPE_CHECKING

from mushroom.errors import MethodError
from mushroom.methods.method import Method, parse_method
from mushroom.names import check_text, suggest

if TYPE_CHECKING:
    from mushroom.catalog import Catalog

__all__ = ["ENTRY_POINTS", "load_method", "method_names"]

ENTRY_POINTS = "mushroom.methods"
"""The group in which a package names the module whose folder holds its methods."""


@dataclass(frozen=True, kw_only=True)
class _Found:
    """The text of a method, and where it lies."""

    name: str
    text: str
    place: str


def method_names(catalog: Catalog | None = None) -> tuple[str, ...]:
    """The names of all methods there are, sorted.

    Args:
        catalog: The catalogue that names a team's folder of methods; None: no team's.

    Raises:
        MethodError: Two places have a method of one name.

    >>> "sessions" in method_names()
    True
    """
    return tuple(sorted(_found(catalog)))


def load_method(name: str, catalog: Catalog | None = None) -> Method:
    """The method of that name.

    Raises:
        MethodError: There is none, it is not well formed, or two places have one of that name.
    """
    check_text(name, what="The name of a method", error=MethodError)
    found = _found(catalog)
    if name not in found:
        raise MethodError(f"There is no method named {name!r}; {suggest(name, found)}")
    return parse_method(found[name].text, name=name, place=found[name].place)


def _found(catalog: Catalog | None) -> Mapping[str, _Found]:
    known: dict[str, _Found] = {}
    for found in (*_installed("mushroom.methods", "builtin"), *_of_packages(), *_of_team(catalog)):
        if found.name in known:
            raise MethodError(
                f"There are two methods named {found.name!r}: {known[found.name].place} and "
                f"{found.place}; rename one of the files."
            )
        known[found.name] = found
    return known


def _of_packages() -> Iterator[_Found]:
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.value):
        try:
            yield from _installed(point.module)
        except ImportError as error:
            raise MethodError(
                f"The methods of {point.module}, which the entry point {point.name!r} of the group "
                f"{ENTRY_POINTS} names, cannot be read: {error}; reinstall or remove the package."
            ) from error


def _of_team(catalog: Catalog | None) -> Iterator[_Found]:
    if catalog is not None:
        for name, text in sorted(catalog.method_texts.items()):
            yield _Found(name=name, text=text, place=f"{catalog.methods}/{name}.sql")


def _installed(module: str, *inside: str) -> Iterator[_Found]:
    """The methods in the folder of an importable package."""
    folder = files(module).joinpath(*inside) if inside else files(module)
    shown = "/".join((*module.split("."), *inside))
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".sql"):
            text = path.read_text(encoding="utf-8")
            name = path.name.removesuffix(".sql")
            yield _Found(name=name, text=text, place=f"{shown}/{path.name}")
