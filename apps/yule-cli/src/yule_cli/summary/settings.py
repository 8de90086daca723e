"""The resolved case as flat names and values, for people to read and compare."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["flatten", "settings_of"]

_ELSEWHERE = ("catalog", "code", "root", "schema", "setup", "store")
_MAX_VALUE = 500
_USER_IN_URL = re.compile(r"(?<=://)[^/@\s]+@")
_SECRET_NAME = re.compile(r"passw|pwd|secret|token|credential|api_?key", re.IGNORECASE)


def settings_of(resolved: Mapping[str, Any]) -> dict[str, str]:
    """Return what the results depend on.

    What is long, or describes places and code, is left out: `resolved.json` has it all. Long values
    end in an ellipsis; the user in a URL, and whatever is named like a secret, becomes `***`.
    """
    fields = {name: value for name, value in resolved.items() if name not in _ELSEWHERE}
    source = fields.pop("source", {})
    hidden = (*_ELSEWHERE, "threads", "query_memory_gib")
    fields |= {name: value for name, value in source.items() if name not in hidden}
    return {name: _shown(name, value) for name, value in flatten(fields)}


def flatten(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the leaves with their paths.

    Objects in a list are named by their own `name`, or else by their position; lists of plain
    values are leaves.

    Example:
        >>> list(flatten({"models": [{"name": "gbdt", "seed": 1}], "windows": ["30d", "90d"]}))
        [('models.gbdt.name', 'gbdt'), ('models.gbdt.seed', '1'), ('windows', '["30d", "90d"]')]
    """
    if isinstance(value, Mapping) and value:
        for name, child in value.items():
            yield from flatten(child, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list) and any(isinstance(child, Mapping | list) for child in value):
        for position, child in enumerate(value):
            named = child.get("name") if isinstance(child, Mapping) else None
            yield from flatten(child, f"{path}.{position if named is None else named}")
    else:
        yield path, value if isinstance(value, str) else json.dumps(value)


def _shown(name: str, value: str) -> str:
    if _SECRET_NAME.search(name):
        return "***"
    shown = _USER_IN_URL.sub("***@", value)
    return shown if len(shown) <= _MAX_VALUE else shown[: _MAX_VALUE - 1] + "…"
