"""Which of the catalogue's tables stands for each table that a method declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mushroom.catalog import Attributes, Catalog, Events
from mushroom.errors import MethodError
from mushroom.methods.declaration import TableDeclaration
from mushroom.methods.method import Method
from mushroom.names import suggest

__all__ = ["TableChoice", "offered", "parse_tables"]


@dataclass(frozen=True, kw_only=True)
class TableChoice:
    """A table of the catalogue, and what it calls the columns that a method names.

    Attributes:
        table: The table's logical name.
        columns: The catalogue's name for each name that differs in the method.
    """

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)


def parse_tables(
    method: Method, catalog: Catalog, tables: Mapping[str, Any]
) -> dict[str, TableChoice]:
    """The choice for each table that the method declares.

    Raises:
        MethodError: One is missing, is of the wrong kind, or lacks what the method needs.
        CatalogError: The catalogue has no such table.
    """
    choices = {}
    for relation, declared in method.declaration.tables.items():
        if relation not in tables:
            raise MethodError(
                f"The method {method.name} needs a table of the kind {declared.kind} for "
                f"{relation!r}; name one of the catalogue's."
            )
        choice = _choice(tables[relation], relation, method)
        entry = catalog.table(choice.table)
        if entry.kind != declared.kind:
            raise MethodError(
                f"The method {method.name} needs a table of the kind {declared.kind} for "
                f"{relation!r}; {choice.table!r} is of the kind {entry.kind}."
            )
        _check_needs(declared, choice, entry, method)
        choices[relation] = choice
    return choices


def offered(entry: Events | Attributes) -> dict[str, str]:
    """What a table has under a name of its own, and which section of the catalogue names it."""
    if isinstance(entry, Attributes):
        return dict.fromkeys(entry.columns, "columns")
    return {
        **dict.fromkeys(entry.measures, "measures"),
        **dict.fromkeys(entry.categories, "categories"),
    }


def _choice(value: Any, relation: str, method: Method) -> TableChoice:
    match value:
        case str():
            return TableChoice(table=value)
        case {"table": str(table), **rest} if set(rest) <= {"columns"}:
            columns = rest.get("columns", {})
            if isinstance(columns, Mapping) and all(isinstance(c, str) for c in columns.values()):
                return TableChoice(table=table, columns=dict(columns))
    raise MethodError(
        f"The table for {relation!r} of the method {method.name} must be a name, or "
        f'{{"table": NAME, "columns": {{WANTED: ITS}}}}, got {value!r}.'
    )


def _check_needs(
    declared: TableDeclaration, choice: TableChoice, entry: Events | Attributes, method: Method
) -> None:
    known = offered(entry)
    for wanted, own in choice.columns.items():
        if declared.needs and wanted not in declared.needs:
            raise MethodError(
                f"The method {method.name} asks for nothing named {wanted!r} of {choice.table!r}; "
                f"{suggest(wanted, declared.needs)}"
            )
        if own not in known:
            raise MethodError(
                f"The table {choice.table!r} has nothing named {own!r} to stand for {wanted!r}; "
                f"{suggest(own, known)}"
            )
    for section in ("measures", "categories", "columns"):
        for name in getattr(declared, section):
            own = choice.columns.get(name, name)
            if known.get(own) != section:
                raise MethodError(
                    f"The method {method.name} needs {name!r} among the {section} of "
                    f"{choice.table!r}; add it to the catalogue, or say which other column stands "
                    f"for it. {suggest(own, (n for n, s in known.items() if s == section))}"
                )
    is_versioned = isinstance(entry, Attributes) and entry.valid_from is not None
    if declared.versioned is not None and declared.versioned != is_versioned:
        has = "with `valid_from`" if declared.versioned else "without `valid_from`"
        raise MethodError(
            f"The method {method.name} needs a table {has}; {choice.table!r} is "
            f"{'one without' if declared.versioned else 'one with it'}."
        )
