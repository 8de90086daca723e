"""Reads a catalogue from its YAML file, and says on which line it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from mushroom.catalog.known_at import KnownAt
from mushroom.catalog.lines import describe_faults
from mushroom.catalog.model import Attributes, Catalog, Column, Events, Measure, Reference
from mushroom.document import read_document
from mushroom.errors import CatalogError, DocumentError, Fault
from mushroom.names import check_text, suggest

__all__ = ["load_catalog"]

_SECTIONS: dict[str, type[BaseModel]] = {
    "events": Events,
    "attributes": Attributes,
    "measures": Measure,
    "categories": Column,
    "references": Reference,
    "known_at": KnownAt,
}


def load_catalog(path: Path | str) -> Catalog:
    """The catalogue in a YAML file.

    Raises:
        CatalogError: The file is missing, is no YAML, or does not fit the catalogue's shape; the
            message has one line for each fault, with file, line and field path.
    """
    if not isinstance(path, Path):
        check_text(path, what="The path of a catalogue", error=CatalogError)
    path = Path(path)
    try:
        document = read_document(path)
    except DocumentError as error:
        raise CatalogError(str(error)) from error
    try:
        catalog = Catalog.model_validate(document.content).read_from(path)
    except ValidationError as error:
        faults = _faults(error)
        raise CatalogError(describe_faults(faults, path), faults=faults) from error
    return catalog if catalog.methods is None else _with_methods(catalog, path)


def _with_methods(catalog: Catalog, path: Path) -> Catalog:
    """The catalogue with the texts of its team's methods."""
    folder = path.parent / str(catalog.methods)
    try:
        texts = {
            file.stem: file.read_text(encoding="utf-8")
            for file in sorted(folder.iterdir())
            if file.suffix == ".sql"
        }
    except (OSError, UnicodeDecodeError) as error:
        missing = isinstance(error, OSError) and error.strerror
        reason = missing or f"{error}; save its files as UTF-8"
        message = f"the folder of methods {str(folder)!r} cannot be read: {reason}."
        faults = [Fault(path=("methods",), message=message)]
        raise CatalogError(describe_faults(faults, path), faults=faults) from error
    update = {"methods": str(folder), "method_texts": texts}
    return catalog.model_copy(update=update).read_from(path)


def _faults(error: ValidationError) -> list[Fault]:
    """The faults that pydantic found, each at its place in the document."""
    return [
        Fault(path=_document_path(details["loc"]), message=_message(details))
        for details in error.errors(include_url=False)
    ]


def _document_path(loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    # pydantic marks what is wrong with a key, and puts the kind of a table behind its name; the
    # document has no such levels.
    loc = loc[:-1] if loc[-1:] == ("[key]",) else loc
    return (*loc[:2], *loc[3:]) if loc[:1] == ("tables",) and len(loc) > 2 else loc


def _message(details: Mapping[str, Any]) -> str:
    loc, kind = details["loc"], details["type"]
    if kind == "missing":
        return "this field is required."
    if kind == "extra_forbidden":
        return f"this field is unknown; {suggest(str(loc[-1]), _fields(loc[:-1]))}"
    if kind == "union_tag_not_found":
        return "the field `kind` is required: events or attributes."
    if kind == "union_tag_invalid":
        tag = details["ctx"]["tag"]
        return f"unknown kind {tag!r}; {suggest(str(tag), ('attributes', 'events'))}"
    message = str(details["msg"]).removeprefix("Value error, ").rstrip(".")
    given = details["input"]
    if kind == "value_error" or isinstance(given, dict | list):
        return message if message.endswith("?") else f"{message}."
    return f"{message}; got {given!r}."


def _fields(loc: tuple[str | int, ...]) -> list[str]:
    for key in reversed(loc[:1] if len(loc) < 3 else loc[2:]):
        if isinstance(key, str) and key in _SECTIONS:
            return sorted(_SECTIONS[key].model_fields)
    return sorted(Catalog.model_fields)
