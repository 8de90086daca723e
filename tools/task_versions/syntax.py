"""The part of a syntax tree that says what is computed."""

from __future__ import annotations

import ast
import copy
import hashlib
from collections.abc import Iterable
from typing import Any

__all__ = ["computation", "tree_hash"]

# Where a name is used says whether it is read or written; the others differ between Pythons.
_IGNORED_FIELDS = frozenset({"ctx", "kind", "type_comment", "type_params"})


def computation(statement: ast.stmt) -> ast.stmt:
    """Return a copy of `statement` without what leaves the result alone.

    Gone are docstrings, annotations, the class attribute `VERSION`, the messages of exceptions,
    and imports (what an imported name stands for is known from the module).
    """
    computed = _Stripped().visit(copy.deepcopy(statement))
    assert isinstance(computed, ast.stmt)  # noqa: S101 (a definition is never dropped itself)
    return computed


def tree_hash(statements: Iterable[ast.stmt], outside: Iterable[str] = ()) -> str:
    """Return the hash of stripped statements; alike on every Python from 3.11.

    Args:
        statements: Results of `computation`.
        outside: Dotted names of what the statements use from other people's packages.
    """
    text = repr(([_plain(statement) for statement in statements], sorted(outside)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: object) -> object:
    if isinstance(value, ast.AST):
        # Empty fields are left out: newer Pythons add fields to old nodes.
        fields = [
            (name, _plain(field))
            for name, field in ast.iter_fields(value)
            if name not in _IGNORED_FIELDS and field is not None and field != []
        ]
        return (type(value).__name__, fields)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


class _Stripped(ast.NodeTransformer):
    def visit(self, node: ast.AST) -> Any:
        is_import = isinstance(node, ast.Import | ast.ImportFrom)
        return None if is_import else super().visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        if isinstance(node.value, ast.Constant):
            return None  # docstrings, those of attributes too, and `...`
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        # `StoredTask[pa.Table]`: what is in the brackets is for the type checker.
        node.bases = [
            base.value if isinstance(base, ast.Subscript) else base for base in node.bases
        ]
        node.body = [child for child in node.body if not _is_version(child)]
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.Expr(value=node.target)  # a field: its name and place matter
        return self.generic_visit(ast.Assign(targets=[node.target], value=node.value))

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        return ast.Raise(exc=raised)


def _is_version(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name(id="VERSION")]):
            return True
        case ast.AnnAssign(target=ast.Name(id="VERSION")):
            return True
        case _:
            return False
