"""From a case file to a checked case."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from yule_cli.config.document import Document, FieldPath, read_case
from yule_cli.config.exposure import exposures
from yule_cli.config.model import Case
from yule_cli.credentials import redacted
from yule_cli.errors import CaseError

__all__ = ["load_case"]

_SHOWN_CHARACTERS = 100


def load_case(path: Path) -> tuple[Case, Document]:
    """Read and check a case file; every problem is reported, not the first alone.

    Returns:
        The case, and the document that knows the lines of its fields.

    Raises:
        CaseError: If the file is not a valid case.
    """
    document = read_case(path)
    exposed = exposures(document.content)
    try:
        case = Case.model_validate(document.content)
    except ValidationError as error:
        raise CaseError(_problems(document, error.errors(include_url=False), exposed)) from error
    if exposed:
        raise CaseError(_problems(document, [], exposed))
    return case, document


def _problems(
    document: Document, details: list[ErrorDetails], exposed: Mapping[FieldPath, str]
) -> list[str]:
    found = {path: document.problem(path, message) for path, message in exposed.items()}
    for detail in details:
        path = _field_path(document.content, detail["loc"])
        found.setdefault(path, _problem(document, path, detail))
    return [found[path] for path in sorted(found, key=document.line)]


def _problem(document: Document, path: FieldPath, detail: ErrorDetails) -> str:
    if detail["type"] == "extra_forbidden":
        return document.problem(path, f"is not a field of a case.{_suggestion(path)}")
    if detail["type"] == "missing":
        return document.problem(path, f"is missing; {_description(path)}")
    message = detail["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    if detail["type"] == "string_type" and isinstance(detail["input"], bool | int | float):
        message += " (put quotes round it)"
    got = redacted(repr(detail["input"]))
    got = got if len(got) <= _SHOWN_CHARACTERS else f"{got[:_SHOWN_CHARACTERS]}…"
    return document.problem(path, f"is not valid: {message}, got {got}.")


def _field_path(content: Any, location: tuple[str | int, ...]) -> FieldPath:
    """Drop what pydantic adds to a location: the tried variants of a union."""
    path: list[str | int] = []
    for i, part in enumerate(location):
        last = i == len(location) - 1
        if isinstance(content, Mapping) and (part in content or last):
            content = content.get(part)
        elif isinstance(content, list) and isinstance(part, int) and part < len(content):
            content = content[part]
        else:
            continue
        path.append(part)
    return tuple(path)


def _section(path: FieldPath) -> type[BaseModel]:
    """Return the section of the model that a field belongs to."""
    section: type[BaseModel] = Case
    for part in path[:-1]:
        field = section.model_fields.get(str(part)) if isinstance(part, str) else None
        found = _section_of(field.annotation) if field is not None else None
        section = found or section
    return section


def _section_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _section_of(argument)
        if found is not None:
            return found
    return None


def _suggestion(path: FieldPath) -> str:
    fields = list(_section(path).model_fields)
    near = difflib.get_close_matches(str(path[-1]), fields, n=1)
    return f" Did you mean `{near[0]}`?" if near else f" The fields are {', '.join(fields)}."


def _description(path: FieldPath) -> str:
    field = _section(path).model_fields.get(str(path[-1]))
    if field is None:
        return "it is required."
    description = field.description or (_section_of(field.annotation) or Case).__doc__ or ""
    return f"it says: {description.splitlines()[0]}"
