"""Says on which line of a YAML file a fault lies."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml

from mushroom.errors import Fault

__all__ = ["describe_faults"]


def describe_faults(faults: Iterable[Fault], file: Path | None) -> str:
    """One line for each fault: file, line and field path, as far as they are known."""
    if file is None:
        return "\n".join(str(fault) for fault in faults)
    document = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    located = sorted((_line(document, fault.path), str(fault)) for fault in faults)
    return "\n".join(f"{file}:{line}: {text}" for line, text in located)


def _line(node: yaml.Node | None, path: tuple[str | int, ...]) -> int:
    """The line, from 1, of the innermost part of the path that the document holds."""
    line = 1 if node is None else node.start_mark.line + 1
    for key in path:
        if isinstance(node, yaml.MappingNode):
            found = [(k, value) for k, value in node.value if k.value == str(key)]
            if not found:
                break
            line, node = found[0][0].start_mark.line + 1, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            if not 0 <= key < len(node.value):
                break
            node = node.value[key]
            line = node.start_mark.line + 1
        else:
            break
    return line
