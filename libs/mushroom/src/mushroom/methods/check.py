"""Checks a method's file as a team would before it shares it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlglot import exp

from mushroom.catalog import Catalog, check_catalog
from mushroom.errors import MethodError, QueryError, WarehouseError
from mushroom.googlesql import base_tables, line_of
from mushroom.methods.answer import answer_faults
from mushroom.methods.bind import bind_method
from mushroom.methods.empty import empty_catalog, some_values, write_empty_tables
from mushroom.methods.method import Method, parse_method
from mushroom.query import Query
from mushroom.warehouse import Warehouse, open_warehouse

__all__ = ["check_method", "read_method"]


def read_method(path: Path) -> Method:
    """The method in a file.

    Raises:
        MethodError: The file cannot be read, or the method in it is not well formed.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise MethodError(f"{path} cannot be read: {error.strerror}; check the path.") from error
    except UnicodeDecodeError as error:
        raise MethodError(f"{path} is not UTF-8; save it as UTF-8.") from error
    return parse_method(text, name=path.stem, place=str(path))


def check_method(
    path: Path,
    *,
    catalog: Catalog | None = None,
    warehouse: Warehouse | None = None,
    tables: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Method:
    """The method in a file, if it is fit to be shared: read, documented, and run without any row.

    Args:
        path: The method's file.
        catalog: A catalogue to run it over; None: empty tables that have what it declares.
        warehouse: Where the catalogue's tables lie.
        tables: As `bind_method` takes them, with a catalogue.
        parameters: Values for parameters; others get their default, or some value of their type.

    Raises:
        MethodError: The message has one line for each fault, with file and line.
    """
    method = read_method(path)
    faults = list(_undocumented(method))
    try:
        if catalog is not None and warehouse is not None:
            bound = check_catalog(catalog, warehouse)
            faults += _faults_of_run(method, bound, warehouse, tables or {}, parameters or {})
        elif strange := list(_names_of_one_catalogue(method)):
            faults += strange
        else:
            faults += _faults_over_nothing(method, parameters or {})
    except MethodError as error:
        faults.append((1, str(error)))
    if faults:
        raise MethodError(
            "\n".join(f"{path}:{line}: {message}" for line, message in sorted(faults))
        )
    return method


def _undocumented(method: Method) -> Iterator[tuple[int, str]]:
    declared, line = method.declaration, method.header.line
    if not declared.summary:
        yield line(()), "`summary` is missing: say what one row of the result says."
    if not declared.returns:
        yield line(()), "`returns` is missing: name the result's columns with type and doc."
    for section in ("returns", "tables", "parameters"):
        for name, entry in getattr(declared, section).items():
            if not entry.doc:
                yield line((section, name)), f"`{section}.{name}` has no `doc`: say what it means."


def _names_of_one_catalogue(method: Method) -> Iterator[tuple[int, str]]:
    for table in base_tables(method.tree):
        if table.name not in method.declaration.tables:
            message = (
                f"the query reads {table.name!r}, which is no table that it declares: add it under "
                "`tables` with its kind, or check the file over a catalogue that has it."
            )
            yield line_of(table) or 1, message


def _faults_over_nothing(method: Method, parameters: Mapping[str, Any]) -> list[tuple[int, str]]:
    catalog = empty_catalog(method)
    with tempfile.TemporaryDirectory(prefix="mushroom-check-") as folder:
        write_empty_tables(catalog, Path(folder))
        warehouse = open_warehouse(f"duckdb:{folder}", root=Path(folder))
        tables = {name: name for name in catalog.tables if name in method.declaration.tables}
        checked = check_catalog(catalog, warehouse)
        return _faults_of_run(method, checked, warehouse, tables, parameters)


def _faults_of_run(
    method: Method,
    catalog: Catalog,
    warehouse: Warehouse,
    tables: Mapping[str, Any],
    parameters: Mapping[str, Any],
) -> list[tuple[int, str]]:
    values = {**some_values(method.declaration.parameters), **parameters}
    query = bind_method(method, catalog, tables=tables, parameters=values)
    try:
        schema: pa.Schema = warehouse.run(_without_rows(query)).schema
    except QueryError as error:
        return [(error.line or 1, re.sub(r"^line \d+: ", "", str(error)))]
    except WarehouseError as error:
        reason = str(error.__cause__ or error).partition("\n\n")[0].strip()
        return [(_line_of_named(reason, method), f"the warehouse refuses the query: {reason}")]
    line = method.header.line(("returns",))
    return [(line, f"{fault}.") for fault in answer_faults(method.declaration.returns, schema)]


def _without_rows(query: Query) -> Query:
    inner = query.tree.copy()
    assert isinstance(inner, exp.Query)  # noqa: S101 (bind_method gives no other)
    tree = exp.select("*").from_(inner.subquery("answer")).limit(0)
    return Query(tree=tree, parameters=query.parameters, relations=query.relations)


def _line_of_named(reason: str, method: Method) -> int:
    """The line on which the first thing stands that a warehouse's message quotes."""
    for name in re.findall(r"[\"'`]([^\"'`]+)[\"'`]", reason):
        for node in method.tree.find_all(exp.Identifier):
            if node.name.lower() == name.lower() and (line := line_of(node)):
                return line
    return line_of(method.tree) or 1
