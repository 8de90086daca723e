"""From a method to the query that runs: tables chosen, values bound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlglot import exp

from mushroom.catalog import Catalog
from mushroom.errors import MethodError
from mushroom.googlesql import base_tables
from mushroom.methods.declaration import ParameterDeclaration
from mushroom.methods.method import TIMEZONE, Method
from mushroom.methods.rows import method_rows
from mushroom.methods.tables import TableChoice, parse_tables
from mushroom.names import suggest
from mushroom.query import Query, Value

__all__ = ["bind_method"]


def bind_method(
    method: Method, catalog: Catalog, *, tables: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Query:
    """The query of a method over a catalogue.

    Each relation becomes the rows of its table in standard form: `entity_id`, `event_time`, the
    measures and categories of events; `entity_id`, `valid_from`, the columns of attributes.

    Args:
        method: The method.
        catalog: A catalogue that was checked against a warehouse.
        tables: For each table that the method declares, the catalogue's logical name of one; or
            `{"table": NAME, "columns": {WANTED: ITS}}`, where the catalogue calls a measure, a
            category or a column of it otherwise than the method does.
        parameters: JSON values of the declared parameters.

    Raises:
        MethodError: A table or parameter is missing, unknown, or of a wrong kind.
        CatalogError: The catalogue lacks a table that the query names.
    """
    declared = method.declaration
    for given, what in ((tables, "tables"), (parameters, "parameters")):
        if not isinstance(given, Mapping):
            raise MethodError(
                f"The {what} of the method {method.name} are a mapping by name, got {given!r}."
            )
    _check_known("table", tables, declared.tables, method)
    _check_known("parameter", parameters, declared.parameters, method)
    values = {
        name: _value(name, declaration, parameters, method, catalog)
        for name, declaration in declared.parameters.items()
    }
    if any(node.name == TIMEZONE for node in method.tree.find_all(exp.Parameter)):
        values[TIMEZONE] = catalog.timezone
    choices = parse_tables(method, catalog, tables)
    tree = method.tree.copy()
    taken = {cte.alias for cte in tree.find_all(exp.CTE)}
    relations = {}
    for node in base_tables(tree):
        choice = choices.get(node.name, TableChoice(table=node.name))
        relation = _free_name(choice.table, taken)
        relations[relation] = catalog.relation(choice.table)
        rows = method_rows(catalog, choice, reader=method.tree, relation=relation)
        node.replace(_aliased(rows, node))
    return Query(tree=tree, parameters=values, relations=relations)


def _free_name(table: str, taken: set[str]) -> str:
    """The table's name, unless a common table expression of the method has it already."""
    while table in taken:
        table += "_"
    return table


def _aliased(rows: exp.Select, node: exp.Table) -> exp.Subquery:
    found = rows.subquery(exp.to_identifier(node.alias_or_name, quoted=True))
    for name in ("joins", "pivots"):
        if node.args.get(name):
            found.set(name, node.args[name])
    return found


def _check_known(
    what: str, given: Mapping[str, Any], known: Mapping[str, Any], method: Method
) -> None:
    for name in given:
        if name not in known:
            raise MethodError(
                f"The method {method.name} has no {what} {name!r}; {suggest(name, known)}"
            )


def _value(
    name: str,
    declaration: ParameterDeclaration,
    given: Mapping[str, Any],
    method: Method,
    catalog: Catalog,
) -> Value:
    value = given.get(name, declaration.default)
    if value is None:
        raise MethodError(
            f"The method {method.name} needs the parameter {name!r} of the type {declaration.type}."
        )
    try:
        return declaration.parse(value, timezone=catalog.timezone)
    except MethodError as error:
        raise MethodError(
            f"The parameter {name!r} of the method {method.name}: {error}."
        ) from error
