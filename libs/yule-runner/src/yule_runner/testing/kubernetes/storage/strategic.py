"""Kubernetes' strategic merge patch (apimachinery pkg/util/strategicpatch)."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from yule_runner.testing.kubernetes.status import bad_request, go_kind
from yule_runner.testing.kubernetes.storage.shapes import Shape

__all__ = ["strategic_merge_patch"]

Json = dict[str, Any]

_PATCH = "$patch"
_RETAIN = "$retainKeys"
_DELETE_VALUES = "$deleteFromPrimitiveList/"
_ORDER = "$setElementOrder/"


def strategic_merge_patch(target: Json, patch: Any, shape: Shape) -> Any:
    """Return `target` with a strategic merge patch applied.

    Args:
        target: the object.
        patch: the patch, its directives (`$patch`, `$setElementOrder/...`) included.
        shape: of the object: it says which lists merge, and by which key.

    Raises:
        ApiError: 400, for what is no patch, a directive that there is not, and items without
            their key.
    """
    if not isinstance(patch, dict):
        kind = go_kind(patch)
        raise bad_request(
            f"json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"
        )
    return _merged(target, patch, shape)


def _merged(target: Any, patch: Any, shape: Shape) -> Any:
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    match patch.get(_PATCH):
        case "replace":
            return {key: value for key, value in patch.items() if key != _PATCH}
        case "delete":
            return {}
        case None | "merge":
            pass
        case directive:
            raise bad_request(f"Unknown patch directive {directive!r}.")
    merged = dict(target) if isinstance(target, dict) else {}
    if _RETAIN in patch:
        merged = {key: value for key, value in merged.items() if key in patch[_RETAIN]}
    for key, value in patch.items():
        if key in (_PATCH, _RETAIN) or key.startswith(_ORDER):
            continue
        if key.startswith(_DELETE_VALUES):
            name = key.removeprefix(_DELETE_VALUES)
            left = [each for each in merged.get(name) or [] if each not in value]
            merged = _put(merged, name, left or None)
            continue
        field, new = shape.field(key) or Shape({}), None
        if isinstance(value, list):
            order = patch.get(f"{_ORDER}{key}")
            new = _merged_list(merged.get(key) or [], value, field, order)
        elif value is not None:
            new = _merged(merged.get(key), value, field)
        merged = _put(merged, key, new)
    return _ordered(merged, patch, shape)


def _put(body: Json, key: str, value: Any) -> Json:
    """Set a field, or remove it where the value is None."""
    return (
        {name: each for name, each in body.items() if name != key}
        if value is None
        else body | {key: value}
    )


def _ordered(merged: Json, patch: Json, shape: Shape) -> Json:
    """Order the lists of which the patch says nothing but their order."""
    for key, order in patch.items():
        name = key.removeprefix(_ORDER)
        if key.startswith(_ORDER) and name in merged and name not in patch:
            field = shape.field(name) or Shape({})
            merged = merged | {name: _merged_list(merged[name], [], field, order)}
    return merged


def _merged_list(
    server: Sequence[Any], patch: Sequence[Any], shape: Shape, order: Sequence[Any] | None
) -> list[Any]:
    if not shape.merges:
        return copy.deepcopy(list(patch))
    key = shape.merge_key
    if not key:
        values = [*server, *(each for each in patch if each not in server)]
        first = [each for each in order or [] if each in values]
        return _interleaved(first, values, list(server)) if order is not None else values
    if any(each.get(_PATCH) == "replace" for each in patch):
        return [each for each in patch if each.get(_PATCH) != "replace"]
    for each in patch:
        if key not in each:
            raise bad_request(f"map: {each} does not contain declared merge key: {key}")
    deleted = {each[key] for each in patch if each.get(_PATCH) == "delete"}
    found = {each.get(key): each for each in server if each.get(key) not in deleted}
    changed = [
        _merged(found.get(each[key]), each, shape.item())
        for each in patch
        if each.get(_PATCH) != "delete"
    ]
    items = found | {each[key]: each for each in changed}
    wanted = [each[key] for each in changed] if order is None else [each[key] for each in order]
    first = [name for name in wanted if name in items]
    keys = _interleaved(first, list(items), [each.get(key) for each in server])
    return [items[name] for name in keys]


def _interleaved(first: list[Any], values: list[Any], server: list[Any]) -> list[Any]:
    """Merge as mergeSortedSlice does: patched items first, unless the server's order says no."""
    merged: list[Any] = []
    left, right = list(first), [each for each in values if each not in first]
    while left and right:
        is_known = left[0] in server and right[0] in server
        after = is_known and server.index(right[0]) < server.index(left[0])
        merged.append(right.pop(0) if after else left.pop(0))
    return [*merged, *left, *right]
