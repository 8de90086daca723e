"""Fields that a kind does not have, found with the schemas that kubernetes-validate carries."""

from __future__ import annotations

import functools
import importlib.resources
import json
from typing import Any

from yule_runner.testing.kubernetes.resources import Resource
from yule_runner.testing.kubernetes.status import bad_request

__all__ = ["decode"]

Json = dict[str, Any]

_VERSION = "1.36.0"
_TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def decode(resource: Resource, body: Any) -> tuple[Json, list[str]]:
    """Read a request's object as Go's decoder does.

    Returns:
        The object without unknown fields, and the paths of those.

    Raises:
        ApiError: 400, where it is no such object, or a field has the wrong type.
    """
    if not isinstance(body, dict):
        raise bad_request(f"couldn't get version/kind; json parse error: {body!r}")
    kind = body.get("kind", resource.kind)
    if kind != resource.kind or body.get("apiVersion", resource.api_version) != (
        resource.api_version
    ):
        raise bad_request(
            f'{kind} in version "{body.get("apiVersion")}" cannot be handled as a {resource.kind}'
        )
    unknown: list[str] = []
    schema = _root(resource)
    pruned = body if schema is None else _walk(resource, body, schema, "", unknown)
    typed = {"apiVersion": resource.api_version, "kind": resource.kind, "metadata": {}}
    return typed | pruned, unknown


def _walk(resource: Resource, value: Any, schema: Json, path: str, unknown: list[str]) -> Any:
    schema = _resolved(schema)
    if value is None:
        return None
    _check_type(resource, value, schema, path)
    if isinstance(value, list):
        items = schema.get("items", {})
        return [
            _walk(resource, each, items, f"{path}[{place}]", unknown)
            for place, each in enumerate(value)
        ]
    if not isinstance(value, dict):
        return value
    properties = schema.get("properties")
    free = schema.get("additionalProperties")
    kept = {}
    for name, each in value.items():
        where = f"{path}.{name}" if path else name
        if properties is not None and name in properties:
            kept[name] = _walk(resource, each, properties[name], where, unknown)
        elif isinstance(free, dict):
            kept[name] = _walk(resource, each, free, where, unknown)
        elif properties is None:
            kept[name] = each
        else:
            unknown.append(where)
    return {name: each for name, each in kept.items() if each is not None}


def _check_type(resource: Resource, value: Any, schema: Json, path: str) -> None:
    declared = schema.get("type")
    names = [declared] if isinstance(declared, str) else declared or []
    allowed = tuple(kind for name in names for kind in _TYPES.get(name, ()))
    wrong = isinstance(value, bool) and bool not in allowed
    if allowed and (wrong or not isinstance(value, allowed)):
        found = {dict: "object", list: "array", bool: "bool", str: "string"}
        raise bad_request(
            f'{resource.kind} in version "v1" cannot be handled as a {resource.kind}: json: cannot '
            f"unmarshal {found.get(type(value), 'number')} into Go struct field {path} of type "
            f"{names[0]}"
        )


def _resolved(schema: Json) -> Json:
    while "$ref" in schema:
        schema = _definitions()[schema["$ref"].rpartition("/")[2]]
    options = schema.get("oneOf") or schema.get("anyOf")
    if options and "type" not in schema:
        kinds = [kind for option in options if (kind := option.get("type"))]
        return {"type": [name for name in kinds if isinstance(name, str)]}
    return schema


@functools.cache
def _root(resource: Resource) -> Json | None:
    name = f"{resource.kind.lower()}-{resource.api_version.replace('/', '-')}.json"
    path = _folder() / name
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


@functools.cache
def _definitions() -> Json:
    text = (_folder() / "_definitions.json").read_text(encoding="utf-8")
    definitions: Json = json.loads(text)["$defs"]
    return definitions


def _folder() -> Any:
    folder = importlib.resources.files("kubernetes_validate") / "kubernetes-json-schema"
    return folder / f"v{_VERSION}-local"
