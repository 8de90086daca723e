"""A download method: its declaration and its query, from one text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from mushroom.document import Document
from mushroom.errors import MethodError, QueryError
from mushroom.googlesql import base_tables, line_of, parse_query
from mushroom.methods.declaration import Declaration
from mushroom.methods.header import read_header
from mushroom.names import check_text, suggest

__all__ = ["TIMEZONE", "Method", "parse_method"]

TIMEZONE = "timezone"
"""A parameter that needs no declaration: the catalogue's time zone."""

_FRONT_MATTER = re.compile(r"\A\s*/\*(?P<yaml>.*?)\*/", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Method:
    """A query over logical tables, and what it says about itself.

    Attributes:
        name: Its name.
        declaration: What it says about itself.
        tree: Its query; nodes know their lines in the text.
        place: Where its text lies.
        text: The whole text.
        header: Its declaration as it was read, which knows the lines.
    """

    name: str
    declaration: Declaration
    tree: exp.Query
    place: str
    text: str
    header: Document

    @property
    def query_text(self) -> str:
        """The text of the query, as its author wrote it."""
        found = _FRONT_MATTER.match(self.text)
        return (self.text[found.end() :] if found else self.text).strip()


def parse_method(text: str, *, name: str, place: str = "") -> Method:
    """The method in a text: a comment with its declaration in YAML, then one GoogleSQL SELECT.

    Args:
        text: The text; without a comment in front, nothing is declared.
        name: The method's name.
        place: Where the text lies, as errors call it; by default they call it by its name.

    Raises:
        MethodError: The declaration or the query is not well formed, they do not agree on the
            parameters and tables, or the result has no order. The message has one line for each
            fault, with the place and the line.
    """
    for given, what in ((text, "The text"), (name, "The name"), (place, "The place")):
        check_text(given, what=f"{what} of a method", error=MethodError)
    shown = place or name
    found = _FRONT_MATTER.match(text)
    start = found.start("yaml") if found else 0
    front = _blank(text[:start]) + (found["yaml"] if found else "")
    declaration, document = read_header(front, shown=shown)
    try:
        end = found.end() if found else 0
        tree = parse_query(_blank(text[:end]) + text[end:])
        tables = base_tables(tree)
    except QueryError as error:
        raise MethodError(f"{shown}:{error.line or 1}: {error}") from error
    faults = list(_faults(declaration, document, tree, tables, name=name))
    if faults:
        lines = (f"{shown}:{line}: {message}" for line, message in sorted(faults))
        raise MethodError("\n".join(lines))
    return Method(
        name=name, declaration=declaration, tree=tree, place=shown, text=text, header=document
    )


def _blank(text: str) -> str:
    """As many lines, without anything on them: what follows keeps its line."""
    return "\n" * text.count("\n")


def _faults(
    declaration: Declaration,
    document: Document,
    tree: exp.Query,
    tables: list[exp.Table],
    *,
    name: str,
) -> Iterator[tuple[int, str]]:
    if declaration.name not in ("", name):
        message = f"the name {declaration.name!r} is not {name!r}, which its file is called."
        yield document.line(("name",)), message
    used: dict[str, exp.Parameter] = {}
    for node in tree.find_all(exp.Parameter):
        used.setdefault(node.name, node)
    for parameter, node in used.items():
        if parameter not in declaration.parameters and parameter != TIMEZONE:
            hint = suggest(parameter, declaration.parameters) if declaration.parameters else ""
            hint = hint or f"begin with /* parameters: {{{parameter}: {{type: string}}}} */."
            yield line_of(node) or 1, f"@{parameter} is used without declaring its type; {hint}"
    for section, known in (("parameters", used), ("tables", {table.name for table in tables})):
        for key in getattr(declaration, section):
            if key not in known:
                message = f"`{section}.{key}` is declared, but the query does not use it."
                yield document.line((section, key)), message
    if tree.args.get("order") is None:
        message = (
            "the query must end in ORDER BY over columns that tell its rows apart, so that the "
            "same data gives the same result."
        )
        yield line_of(tree) or 1, message
