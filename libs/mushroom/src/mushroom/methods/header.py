"""Reads the YAML that a method's file begins with, and says on which line it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from mushroom.document import Document, parse_document, show_path
from mushroom.errors import DocumentError, MethodError
from mushroom.methods.declaration import (
    Declaration,
    ParameterDeclaration,
    ResultDeclaration,
    TableDeclaration,
)
from mushroom.names import suggest

__all__ = ["read_header"]

_SECTIONS: dict[str, type[BaseModel]] = {
    "returns": ResultDeclaration,
    "tables": TableDeclaration,
    "parameters": ParameterDeclaration,
}


def read_header(text: str, *, shown: str) -> tuple[Declaration, Document]:
    """The declaration in a YAML text, and the text's lines.

    Args:
        text: YAML, behind as many empty lines as stand before it in the method's file.
        shown: How messages call the file.

    Raises:
        MethodError: It is no YAML, or does not fit; the message has one line for each fault.
    """
    try:
        document = parse_document(text, path=Path(shown), shown=shown)
        return Declaration.model_validate(document.content), document
    except DocumentError as error:
        raise MethodError(str(error)) from error
    except ValidationError as error:
        lines = []
        for details in error.errors(include_url=False):
            path = tuple(details["loc"])
            where = f"{shown}:{document.line(path)}: `{show_path(path)}`"
            lines.append((document.line(path), f"{where}: {_message(details)}"))
        raise MethodError("\n".join(line for _, line in sorted(lines))) from error


def _message(details: Mapping[str, Any]) -> str:
    path, kind = details["loc"], details["type"]
    if kind == "missing":
        return "this field is required."
    if kind == "extra_forbidden":
        section = _SECTIONS.get(str(path[0]), Declaration) if len(path) > 1 else Declaration
        return f"this field is unknown; {suggest(str(path[-1]), section.model_fields)}"
    message = str(details["msg"]).removeprefix("Value error, ").rstrip(".")
    if kind == "value_error" or isinstance(details["input"], dict | list):
        return f"{message}."
    return f"{message}; got {details['input']!r}."
