"""Request bodies as Go's decoder reads them: wrong types are refused, unknown fields noted."""

from __future__ import annotations

import re
from typing import Any

from yule_runner.testing.kubernetes.resources import Resource
from yule_runner.testing.kubernetes.status import bad_request
from yule_runner.testing.kubernetes.storage.shapes import Shape, shape_of

__all__ = ["decode"]

Json = dict[str, Any]

_TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
_GO_NAMES = {dict: "object", list: "array", bool: "bool", str: "string"}
_QUANTITY = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?")
_QUANTITY_RULE = (
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
)


def decode(resource: Resource, body: Any) -> tuple[Json, list[str]]:
    """Read a request's object.

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
    reader = _Reader(resource)
    pruned = reader.read(body, shape_of(resource), "")
    typed = {"apiVersion": resource.api_version, "kind": resource.kind, "metadata": {}}
    return typed | pruned, reader.unknown


class _Reader:
    """Walks through an object, and gathers what its kind does not know."""

    def __init__(self, resource: Resource) -> None:
        self._kind = resource.kind
        self.unknown: list[str] = []

    def read(self, value: Any, shape: Shape, path: str) -> Any:
        """Return a value without unknown fields and nulls."""
        if value is None:
            return None
        self._check(value, shape, path)
        if isinstance(value, list):
            item = shape.item()
            return [self.read(each, item, f"{path}[{place}]") for place, each in enumerate(value)]
        if not isinstance(value, dict):
            return value
        kept = {}
        for name, each in value.items():
            where = f"{path}.{name}" if path else name
            field = shape.field(name)
            if field is None:
                self.unknown.append(where)
            else:
                kept[name] = self.read(each, field, where)
        return {name: each for name, each in kept.items() if each is not None}

    def _check(self, value: Any, shape: Shape, path: str) -> None:
        allowed = tuple(kind for name in shape.types for kind in _TYPES.get(name, ()))
        wrong = isinstance(value, bool) and bool not in allowed
        if allowed and (wrong or not isinstance(value, allowed)):
            found = _GO_NAMES.get(type(value), "number")
            raise self._refusal(
                f"json: cannot unmarshal {found} into Go struct field {path} of type "
                f"{shape.types[0]}"
            )
        if shape.is_quantity and not _QUANTITY.fullmatch(str(value)):
            raise self._refusal(_QUANTITY_RULE)

    def _refusal(self, why: str) -> Exception:
        return bad_request(
            f'{self._kind} in version "v1" cannot be handled as a {self._kind}: {why}'
        )
