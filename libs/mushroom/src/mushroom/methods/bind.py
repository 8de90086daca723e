"""From a method to the query that runs: tables chosen, values bound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlglot import exp

from mushroom.catalog import Attributes, Catalog, attribute_rows, event_rows
from mushroom.errors import MethodError
from mushroom.googlesql import base_tables
from mushroom.methods.declaration import ParameterDeclaration
from mushroom.methods.method import TIMEZONE, Method
from mushroom.methods.values import parse_value
from mushroom.names import suggest
from mushroom.query import Query, Value

__all__ = ["bind_method"]


def bind_method(
    method: Method, catalog: Catalog, *, tables: Mapping[str, str], parameters: Mapping[str, Any]
) -> Query:
    """The query of a method over a catalogue.

    Each relation becomes the rows of its table in standard form: `entity_id`, `event_time`, the
    measures and categories of events; `entity_id`, `valid_from`, the columns of attributes.

    Args:
        method: The method.
        catalog: A catalogue that was checked against a warehouse.
        tables: The logical name for each table that the method declares.
        parameters: JSON values of the declared parameters.

    Raises:
        MethodError: A table or parameter is missing, unknown, or of a wrong kind.
        CatalogError: The catalogue lacks a table that the query names.
    """
    declared = method.declaration
    _check_known("table", tables, declared.tables, method)
    _check_known("parameter", parameters, declared.parameters, method)
    values = {
        name: _value(name, declaration, parameters, method, catalog)
        for name, declaration in declared.parameters.items()
    }
    if any(node.name == TIMEZONE for node in method.tree.find_all(exp.Parameter)):
        values[TIMEZONE] = catalog.timezone
    tree = method.tree.copy()
    relations = {}
    for node in base_tables(tree):
        logical = _logical_name(node.name, tables, method, catalog)
        relations[logical] = catalog.relation(logical)
        rows = _rows(catalog, logical, method.tree)
        node.replace(rows.subquery(exp.to_identifier(node.alias_or_name, quoted=True)))
    return Query(tree=tree, parameters=values, relations=relations)


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
        return parse_value(value, declaration.type, timezone=catalog.timezone)
    except MethodError as error:
        raise MethodError(
            f"The parameter {name!r} of the method {method.name}: {error}."
        ) from error


def _logical_name(
    relation: str, tables: Mapping[str, str], method: Method, catalog: Catalog
) -> str:
    kind = method.declaration.tables.get(relation)
    if kind is None:
        return relation
    if relation not in tables:
        raise MethodError(
            f"The method {method.name} needs a table of the kind {kind} for {relation!r}; name one "
            "of the catalogue's."
        )
    entry = catalog.table(tables[relation])
    if entry.kind != kind:
        raise MethodError(
            f"The method {method.name} needs a table of the kind {kind} for {relation!r}; "
            f"{tables[relation]!r} is of the kind {entry.kind}."
        )
    return tables[relation]


def _rows(catalog: Catalog, table: str, reader: exp.Query) -> exp.Select:
    """The table's rows with those columns that the reader names, so that no other matters."""
    named = {column.name for column in reader.find_all(exp.Column)}
    everything = any(select.is_star for select in reader.find_all(exp.Select))

    def wanted(columns: Mapping[str, object]) -> list[str]:
        return [name for name in columns if everything or name in named]

    entry = catalog.table(table)
    if isinstance(entry, Attributes):
        return attribute_rows(catalog, table, columns=wanted(entry.columns))
    return event_rows(
        catalog, table, measures=wanted(entry.measures), categories=wanted(entry.categories)
    )
