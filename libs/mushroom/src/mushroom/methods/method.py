"""A download method: its declaration and its query, from one text."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml
from pydantic import ValidationError
from sqlglot import exp

from mushroom.errors import MethodError, QueryError
from mushroom.googlesql import base_tables, parse_query
from mushroom.methods.declaration import Declaration

__all__ = ["TIMEZONE", "Method", "parse_method"]

TIMEZONE = "timezone"
"""A parameter that needs no declaration: the catalogue's time zone."""

_FRONT_MATTER = re.compile(r"\A\s*/\*(?P<yaml>.*?)\*/", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Method:
    """A query over logical tables, and what it says about itself."""

    name: str
    declaration: Declaration
    tree: exp.Query


def parse_method(text: str, *, name: str) -> Method:
    """The method in a text: a comment with its declaration in YAML, then one GoogleSQL SELECT.

    Args:
        text: The file's text; without a comment in front, nothing is declared.
        name: How errors call the method.

    Raises:
        MethodError: The declaration or the query is not well formed, they do not agree on the
            parameters and tables, or the result has no order.
    """
    found = _FRONT_MATTER.match(text)
    try:
        front = yaml.safe_load(found["yaml"]) if found else None
        declaration = Declaration.model_validate(front or {})
        tree = parse_query(text[found.end() :] if found else text)
        tables = {table.name for table in base_tables(tree)}
    except (yaml.YAMLError, ValidationError, QueryError) as error:
        raise MethodError(f"The method {name} is not well formed: {error}") from error
    used = {parameter.name for parameter in tree.find_all(exp.Parameter)} - {TIMEZONE}
    declared = set(declaration.parameters)
    if undeclared := sorted(used - declared):
        raise MethodError(
            f"The method {name} uses @{undeclared[0]} without declaring its type; begin the file "
            f"with /* parameters: {{{undeclared[0]}: {{type: string}}}} */."
        )
    if unused := sorted(declared - used) or sorted(set(declaration.tables) - tables):
        raise MethodError(
            f"The method {name} declares {unused[0]!r}, which its query does not use."
        )
    if tree.args.get("order") is None:
        raise MethodError(
            f"The method {name} must end in ORDER BY over columns that tell its rows apart, so "
            "that the same data gives the same result."
        )
    return Method(name=name, declaration=declaration, tree=tree)
