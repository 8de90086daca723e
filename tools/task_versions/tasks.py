"""The tasks of the workspace: classes that derive from StoredTask."""

from __future__ import annotations

import ast
import hashlib
from dataclasses import dataclass

from task_versions.code import Code, Definition
from task_versions.reach import reached, uses

__all__ = ["Task", "VersionUnreadableError", "find_tasks"]

_ROOT = "StoredTask"
_OWN_PACKAGE = "gokart_store"


class VersionUnreadableError(Exception):
    """A VERSION that is not a plain whole number."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """A task as the source tree has it now."""

    name: str
    version: int
    definitions: dict[str, str]
    """The hash of the task's class and of everything it reaches, by dotted name."""

    @property
    def hash(self) -> str:
        """The hash of the whole computation; moving a helper to another module leaves it alone."""
        return hashlib.sha256("".join(sorted(self.definitions.values())).encode()).hexdigest()[:16]


def find_tasks(code: Code) -> dict[str, Task]:
    """Return every task by its dotted name; classes that no task can run as are left out.

    Raises:
        VersionUnreadableError: If a VERSION is computed instead of written down.
    """
    tasks: dict[str, Task] = {}
    for definition, lineage in _lineages(code).items():
        if definition.module.partition(".")[0] == _OWN_PACKAGE or not _can_run(code, lineage):
            continue
        hashes = reached(code, definition)
        tasks[str(definition)] = Task(
            name=str(definition),
            version=_version(code, lineage),
            definitions={str(reached_one): hash_ for reached_one, hash_ in hashes.items()},
        )
    return dict(sorted(tasks.items()))


def _lineages(code: Code) -> dict[Definition, list[Definition]]:
    """Return each task class with its own and its ancestors' definitions, nearest first."""
    classes = [
        Definition(module.name, name)
        for module in code.modules.values()
        for name, statements in module.bindings.items()
        if isinstance(statements[0], ast.ClassDef)
    ]
    lineages = {found: _ancestors(code, found) for found in classes}
    return {
        found: [found, *ancestors]
        for found, ancestors in lineages.items()
        if found.name != _ROOT and any(_derives(code, member) for member in [found, *ancestors])
    }


def _ancestors(code: Code, definition: Definition) -> list[Definition]:
    found: list[Definition] = []
    bases = {_last_name(base) for base in _class(code, definition).bases}
    for used in uses(code, definition).definitions:
        if used.name in bases and used not in found and _is_class(code, used):
            found += [used, *_ancestors(code, used)]
    return found


def _derives(code: Code, definition: Definition) -> bool:
    return any(_last_name(base) == _ROOT for base in _class(code, definition).bases)


def _can_run(code: Code, lineage: list[Definition]) -> bool:
    """Whether a `run` is defined, and no method or class variable is left to subclasses."""
    own = _class(code, lineage[0])
    if any(isinstance(node, ast.Name) and node.id == "abstractmethod" for node in ast.walk(own)):
        return False
    given: set[str] = set()
    awaited: set[str] = {"run"}
    for member in lineage:
        for child in _class(code, member).body:
            match child:
                case ast.FunctionDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
                    given.add(name)
                case ast.AnnAssign(target=ast.Name(id=name), value=None, annotation=annotation):
                    awaited |= {name} if "ClassVar" in ast.unparse(annotation) else set()
                case ast.AnnAssign(target=ast.Name(id=name)):
                    given.add(name)
                case _:
                    continue
    return awaited <= given


def _version(code: Code, lineage: list[Definition]) -> int:
    for member in lineage:
        for child in _class(code, member).body:
            match child:
                case (
                    ast.Assign(targets=[ast.Name(id="VERSION")], value=value)
                    | ast.AnnAssign(target=ast.Name(id="VERSION"), value=value)
                ):
                    if isinstance(value, ast.Constant) and type(value.value) is int:
                        return value.value
                    raise VersionUnreadableError(
                        f"{member}.VERSION must be a plain whole number, such as 1; "
                        f"got `{ast.unparse(child)}`."
                    )
                case _:
                    continue
    return 1


def _is_class(code: Code, definition: Definition) -> bool:
    return isinstance(code.modules[definition.module].bindings[definition.name][0], ast.ClassDef)


def _class(code: Code, definition: Definition) -> ast.ClassDef:
    statement = code.modules[definition.module].bindings[definition.name][0]
    assert isinstance(statement, ast.ClassDef)  # noqa: S101 (for mypy: callers pass classes)
    return statement


def _last_name(base: ast.expr) -> str:
    base = base.value if isinstance(base, ast.Subscript) else base
    return base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
