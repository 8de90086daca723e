"""The workspace's source trees, and what a dotted name in them leads to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from task_versions.modules import Module, read_module

__all__ = ["Code", "Definition", "read_code"]


@dataclass(frozen=True, order=True)
class Definition:
    """A top-level name of a module: a function, a class or a constant."""

    module: str
    name: str

    def __str__(self) -> str:
        """Return the dotted name."""
        return f"{self.module}.{self.name}"


@dataclass(frozen=True)
class Code:
    """All modules of the workspace, by dotted name."""

    modules: dict[str, Module]

    def lead(self, dotted: str) -> frozenset[Definition]:
        """Return what an absolute dotted name leads to, through imports and re-exports.

        A module leads to everything it defines, a package also to what it re-exports, and a name
        from outside the workspace to nothing.
        """
        found: set[Definition] = set()
        seen: set[str] = set()
        waiting = [dotted]
        while waiting:
            name = waiting.pop()
            module, rest = self._split(name)
            if module is None or name in seen:
                continue
            seen.add(name)
            if not rest:
                found |= {Definition(module.name, bound) for bound in module.bindings}
                waiting += module.imports.values() if module.is_package else []
            elif rest[0] in module.bindings:
                found.add(Definition(module.name, rest[0]))
            elif rest[0] in module.imports:
                waiting.append(".".join([module.imports[rest[0]], *rest[1:]]))
        return frozenset(found)

    def is_inside(self, dotted: str) -> bool:
        """Whether a dotted name starts with a package of the workspace."""
        return dotted.partition(".")[0] in self.modules

    def _split(self, dotted: str) -> tuple[Module | None, list[str]]:
        parts = dotted.split(".")
        for length in range(len(parts), 0, -1):
            module = self.modules.get(".".join(parts[:length]))
            if module is not None:
                return module, parts[length:]
        return None, parts


def read_code(source_folders: Iterable[Path]) -> Code:
    """Parse every module under the source folders."""
    modules: dict[str, Module] = {}
    for folder in source_folders:
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            modules[name] = read_module(name, path)
    return Code(modules)
