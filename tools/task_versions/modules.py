"""One module as the names that it binds, and what each import stands for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Module", "imported_names", "read_module"]

_Target = ast.Name | ast.Attribute | ast.Subscript


@dataclass(frozen=True, kw_only=True)
class Module:
    """A parsed module.

    `bindings` holds, for each top-level name, every statement that makes or changes it;
    `imports` the dotted name that each imported name stands for.
    """

    name: str
    is_package: bool
    bindings: dict[str, tuple[ast.stmt, ...]]
    imports: dict[str, str]


def read_module(name: str, path: Path) -> Module:
    """Parse the file of the module `name`."""
    body = ast.parse(path.read_text(encoding="utf-8"), filename=str(path)).body
    is_package = path.name == "__init__.py"
    bindings: dict[str, list[ast.stmt]] = {}
    statements = list(_top_level(body))
    for statement in statements:
        for bound in _bound_names(statement):
            bindings.setdefault(bound, []).append(statement)
    return Module(
        name=name,
        is_package=is_package,
        bindings={bound: tuple(found) for bound, found in bindings.items()},
        imports=imported_names(statements, package=_package_of(name, is_package)),
    )


def imported_names(nodes: Iterable[ast.AST], *, package: str) -> dict[str, str]:
    """Return what each name imported among `nodes` stands for, as a dotted name."""
    names: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                names[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(node, package)
            for alias in node.names:
                names[alias.asname or alias.name] = f"{origin}.{alias.name}"
    return names


def _origin(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parents = package.split(".")
    return ".".join([*parents[: len(parents) - node.level + 1], *filter(None, [node.module])])


def _package_of(name: str, is_package: bool) -> str:
    return name if is_package else name.rpartition(".")[0]


def _top_level(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(statement, ast.If):
            yield from _top_level([*statement.body, *statement.orelse])
        elif isinstance(statement, ast.Try):
            handlers = [child for handler in statement.handlers for child in handler.body]
            yield from _top_level([*statement.body, *handlers, *statement.orelse])
        else:
            yield statement


def _bound_names(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Expr):
        # `TABLE.update(...)` changes TABLE.
        call = statement.value
        changes = isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        return {_root(call.func)} - {""} if changes and isinstance(call, ast.Call) else set()
    names: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, _Target) and isinstance(node.ctx, ast.Store):
            names.add(_root(node))
    return names - {"", "__all__"}


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
