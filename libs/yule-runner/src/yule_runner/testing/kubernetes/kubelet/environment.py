"""What a container's process gets: its variables and its command line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["command_line", "variables"]

Json = dict[str, Any]

_REFERENCE = re.compile(r"\$\$|\$\(([A-Za-z_.-][A-Za-z0-9_.-]*)\)")
_KEYED = re.compile(r"metadata\.(labels|annotations)\['(.+)'\]")


def variables(pod: Json, container: Json) -> dict[str, str]:
    """Return the variables that the container declares; later ones may refer to earlier ones."""
    values: dict[str, str] = {}
    for declared in container.get("env") or []:
        source = declared.get("valueFrom")
        if source is None:
            values[declared["name"]] = _expanded(declared.get("value", ""), values)
        elif "fieldRef" in source:
            values[declared["name"]] = _field(pod, source["fieldRef"]["fieldPath"])
        else:
            raise ValueError(
                f"The variable {declared['name']} comes from {', '.join(source)}, which a process "
                "kubelet does not have: use a value or a fieldRef."
            )
    return values


def command_line(container: Json, values: Mapping[str, str]) -> list[str]:
    """Return program and arguments, with `$(NAME)` replaced.

    Raises:
        ValueError: there is no command; an image's own is not known here.
    """
    words = [*(container.get("command") or []), *(container.get("args") or [])]
    if not container.get("command"):
        raise ValueError(
            f"Container {container['name']} names no command, and a process kubelet knows nothing "
            "of what its image would start: give it one."
        )
    return [_expanded(word, values) for word in words]


def _expanded(text: str, values: Mapping[str, str]) -> str:
    """Replace `$(NAME)` where there is such a variable; `$$` stands for one dollar."""

    def replaced(found: re.Match[str]) -> str:
        if found[1] is None:
            return "$"
        return values.get(found[1], found[0])

    return _REFERENCE.sub(replaced, text)


def _field(pod: Json, path: str) -> str:
    if keyed := _KEYED.fullmatch(path):
        return str((pod["metadata"].get(keyed[1]) or {}).get(keyed[2], ""))
    value: Any = pod
    for name in path.split("."):
        value = value.get(name, "") if isinstance(value, dict) else ""
    return str(value)
