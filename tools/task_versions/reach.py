"""What a definition uses, directly and through everything that it uses in turn."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from task_versions.code import Code, Definition
from task_versions.modules import Module, imported_names
from task_versions.syntax import computation, tree_hash

__all__ = ["Uses", "reached", "uses"]

# How results are laid down in a store is pinned by the store's own format versions.
_OPAQUE_PACKAGES = frozenset({"gokart_store"})
_DOTTED_NAME = re.compile(r"[A-Za-z_]\w*(\.\w+)+(:\w+)?")


@dataclass(frozen=True)
class Uses:
    """The hash of one definition, and the workspace's definitions that it names."""

    hash: str
    definitions: tuple[Definition, ...]


def reached(code: Code, start: Definition) -> dict[Definition, str]:
    """Return the hashes of `start` and of all that it reaches by name, in order of names."""
    hashes: dict[Definition, str] = {}
    waiting = [start]
    while waiting:
        definition = waiting.pop()
        if definition not in hashes:
            found = uses(code, definition)
            hashes[definition] = found.hash
            waiting.extend(found.definitions)
    return dict(sorted(hashes.items()))


def uses(code: Code, definition: Definition) -> Uses:
    """Follow the names in one definition."""
    module = code.modules[definition.module]
    statements = module.bindings[definition.name]
    computed = [computation(statement) for statement in statements]
    inner = (node for statement in statements for node in ast.walk(statement))
    package = module.name if module.is_package else module.name.rpartition(".")[0]
    imports = module.imports | imported_names(inner, package=package)

    named = {name for tree in computed for name in _names(tree)}
    inside: set[Definition] = set()
    outside: set[str] = set()
    for name in named:
        dotted = _absolute(name, module, imports)
        if dotted is None:
            continue
        if not code.is_inside(dotted) or dotted.partition(".")[0] in _OPAQUE_PACKAGES:
            outside.add(dotted)
        else:
            inside.update(code.lead(dotted))
    inside.update(_quoted(code, computed))
    return Uses(tree_hash(computed, outside), tuple(sorted(inside - {definition})))


def _absolute(name: str, module: Module, imports: dict[str, str]) -> str | None:
    first, _, rest = name.partition(".")
    if first in imports:
        return ".".join(filter(None, [imports[first], rest]))
    return f"{module.name}.{name}" if first in module.bindings else None


def _names(node: ast.AST) -> Iterator[str]:
    """Return the names in a tree; `a.b.c` as one."""
    dotted = _dotted(node)
    if dotted is not None:
        yield dotted
        return
    for child in ast.iter_child_nodes(node):
        yield from _names(child)


def _dotted(node: ast.AST) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value)
        return None if owner is None else f"{owner}.{node.attr}"
    return None


def _quoted(code: Code, trees: list[ast.stmt]) -> Iterator[Definition]:
    """Return what strings such as "package.module:Name" lead to: registries import by them."""
    for tree in trees:
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and _DOTTED_NAME.fullmatch(text) and code.is_inside(text):
                yield from code.lead(text.replace(":", "."))
