"""JSON merge patch (RFC 7386), JSON patch (RFC 6902) and Kubernetes' strategic merge patch."""

from __future__ import annotations

import copy
from typing import Any

from yule_runner.testing.kubernetes.status import bad_request, unappliable_patch

__all__ = ["json_patch", "merge_patch", "strategic_merge_patch"]

Json = dict[str, Any]

# patchMergeKey of the lists that merge, by field name (k8s.io/api, struct tags).
_MERGE_KEYS = {
    "conditions": "type",
    "containers": "name",
    "initContainers": "name",
    "containerStatuses": None,
    "env": "name",
    "finalizers": "",
    "hostAliases": "ip",
    "imagePullSecrets": "name",
    "ownerReferences": "uid",
    "podIPs": "ip",
    "ports": "containerPort",
    "topologySpreadConstraints": "topologyKey",
    "volumeDevices": "devicePath",
    "volumeMounts": "mountPath",
    "volumes": "name",
    "addresses": "type",
}
_DELETE_VALUES = "$deleteFromPrimitiveList/"
_ORDER = "$setElementOrder/"


def merge_patch(target: Any, patch: Any) -> Any:
    """Return `target` with a JSON merge patch applied."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def strategic_merge_patch(target: Any, patch: Any, kind: str) -> Any:
    """Return `target` with a strategic merge patch applied.

    Args:
        target: the object.
        patch: the patch, its directives (`$patch`, `$deleteFromPrimitiveList/...`) included.
        kind: kind of the object. Job conditions do not merge; those of pods do, by type.
    """
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    match patch.get("$patch"):
        case "replace":
            return {key: value for key, value in patch.items() if key != "$patch"}
        case "delete":
            return {}
        case None | "merge":
            pass
        case directive:
            raise bad_request(f"Unknown patch directive {directive!r}.")
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if key == "$patch" or key.startswith((_ORDER, "$retainKeys")):
            continue
        if key.startswith(_DELETE_VALUES):
            name = key.removeprefix(_DELETE_VALUES)
            merged[name] = [each for each in merged.get(name, []) if each not in value]
            if not merged[name]:
                del merged[name]
        elif value is None:
            merged.pop(key, None)
        elif isinstance(value, list):
            merged[key] = _merge_list(key, merged.get(key) or [], value, kind)
        else:
            merged[key] = strategic_merge_patch(merged.get(key), value, kind)
    return merged


def json_patch(target: Any, operations: Any) -> Any:
    """Return `target` with the operations of a JSON patch applied.

    Raises:
        ApiError: 422, where an operation does not fit.
    """
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


def _merge_list(name: str, server: list[Any], patch: list[Any], kind: str) -> list[Any]:
    key = _MERGE_KEYS.get(name)
    if key is None or (name == "conditions" and kind == "Job"):
        return copy.deepcopy(patch)
    if key == "":
        return [*server, *(each for each in patch if each not in server)]
    if any(each.get("$patch") == "replace" for each in patch):
        return [each for each in patch if each.get("$patch") != "replace"]
    deleted = {each.get(key) for each in patch if each.get("$patch") == "delete"}
    by_key = {each.get(key): each for each in server if each.get(key) not in deleted}
    changed = [
        strategic_merge_patch(by_key.get(each.get(key)), each, kind)
        for each in patch
        if each.get("$patch") != "delete"
    ]
    named = {each.get(key) for each in changed}
    untouched = [each for each in server if each.get(key) not in named | deleted]
    places = {each.get(key): place for place, each in enumerate(server)}
    return _interleave(changed, untouched, key, places)


def _interleave(
    changed: list[Json], untouched: list[Json], key: str, places: dict[Any, int]
) -> list[Json]:
    """Merge as mergeSortedSlice does: patched items first, unless the server's order says no."""
    merged: list[Json] = []
    left, right = list(changed), list(untouched)
    while left and right:
        place = places.get(left[0].get(key))
        after = place is not None and places[right[0].get(key)] < place
        merged.append(right.pop(0) if after else left.pop(0))
    return [*merged, *left, *right]


def _parent(document: Any, path: str) -> tuple[Any, str]:
    *steps, name = [
        step.replace("~1", "/").replace("~0", "~") for step in path.removeprefix("/").split("/")
    ]
    for step in steps:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document, name
