"""JSON merge patch (RFC 7386) and JSON patch (RFC 6902)."""

from __future__ import annotations

import copy
from typing import Any

from yule_runner.testing.kubernetes.status import bad_request, go_kind, unappliable_patch

__all__ = ["json_patch", "merge_patch"]

Json = dict[str, Any]

_GO_MAP = "map[string]interface {}"


def merge_patch(target: Any, patch: Any) -> Any:
    """Return `target` with a JSON merge patch applied.

    Raises:
        ApiError: 400, where the patch is no object.
    """
    if not isinstance(patch, dict):
        raise bad_request(
            f"json: cannot unmarshal {go_kind(patch)} into Go value of type {_GO_MAP}"
        )
    return _merged(target, patch)


def _merged(target: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merged(merged.get(key), value)
    return merged


def json_patch(target: Any, operations: Any) -> Any:
    """Return `target` with the operations of a JSON patch applied.

    Raises:
        ApiError: 400, where the patch is no list; 422, where an operation does not fit.
    """
    if not isinstance(operations, list):
        raise bad_request(
            f"json: cannot unmarshal {go_kind(operations)} into Go value of type jsonpatch.Patch"
        )
    document = copy.deepcopy(target)
    try:
        for operation in operations:
            _operate(document, operation)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise unappliable_patch() from error
    return document


def _operate(document: Any, operation: Json) -> None:
    value = copy.deepcopy(operation.get("value"))
    parent, name = _parent(document, operation["path"])
    match operation["op"]:
        case "add" if isinstance(parent, list):
            parent.insert(len(parent) if name == "-" else int(name), value)
        case "add":
            parent[name] = value
        case "move" | "copy" as action:
            source, last = _parent(document, operation["from"])
            place = int(last) if isinstance(source, list) else last
            value = copy.deepcopy(source[place])
            if action == "move":
                del source[place]
            _operate(document, {"op": "add", "path": operation["path"], "value": value})
        case "replace" | "remove" | "test" as action:
            place = int(name) if isinstance(parent, list) else name
            found = parent[place]
            if action == "replace":
                parent[place] = value
            elif action == "remove":
                del parent[place]
            elif found != value:
                raise ValueError(f"{operation['path']} is {found!r}, not {value!r}")
        case action:
            raise ValueError(f"{action!r} is no operation")


def _parent(document: Any, path: str) -> tuple[Any, str]:
    *steps, name = [
        step.replace("~1", "/").replace("~0", "~") for step in path.removeprefix("/").split("/")
    ]
    for step in steps:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document, name
