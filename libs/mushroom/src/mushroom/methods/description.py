"""What a method says about itself, as text for a terminal."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator

from mushroom.methods.declaration import ParameterDeclaration, TableDeclaration
from mushroom.methods.method import Method

__all__ = ["describe_method", "table_needs", "wanted_value"]

_WIDTH = 96


def describe_method(method: Method) -> str:
    """All that a method declares, then its query."""
    return "\n".join(_lines(method)).rstrip()


def table_needs(table: TableDeclaration) -> str:
    """What a table must be and have: `events with the category item`."""
    words = {"measures": "measure", "categories": "category", "columns": "column"}
    needs = [
        f"the {word} {name}" for section, word in words.items() for name in getattr(table, section)
    ]
    if table.versioned is not None:
        needs.insert(0, "versions" if table.versioned else "no versions")
    return f"{table.kind} with {' and '.join(needs)}" if needs else table.kind


def wanted_value(parameter: ParameterDeclaration) -> str:
    """A parameter's type and default: `int64, 30 unless given`."""
    kind = f"one of {', '.join(parameter.one_of)}" if parameter.one_of else parameter.type
    match parameter.at_least, parameter.at_most:
        case None, None:
            pass
        case least, None:
            kind += f" of at least {least}"
        case None, most:
            kind += f" of at most {most}"
        case least, most:
            kind += f" from {least} to {most}"
    if parameter.default is None:
        return f"{kind}, required"
    return f"{kind}, {json.dumps(parameter.default)} unless given"


def _lines(method: Method) -> Iterator[str]:
    declared = method.declaration
    yield method.name
    yield from _paragraph(declared.summary, indent="")
    yield ""
    for title, entries in (
        ("Tables", {n: (table_needs(t), t.doc) for n, t in declared.tables.items()}),
        ("Parameters", {n: (wanted_value(p), p.doc) for n, p in declared.parameters.items()}),
        ("Returns", {n: (r.type, r.doc) for n, r in declared.returns.items()}),
    ):
        if entries:
            yield title
        for name, (what, doc) in entries.items():
            yield f"  {name}: {what}"
            yield from _paragraph(doc, indent="      ")
        yield ""
    if declared.note:
        yield "Note"
        yield from _paragraph(declared.note, indent="  ")
        yield ""
    yield f"Query ({method.place})"
    yield textwrap.indent(method.query_text, "  ")


def _paragraph(text: str, *, indent: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)
