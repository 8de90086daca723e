"""Request bodies as Go's decoder reads them: wrong types are refused, unknown fields noted."""

from __future__ import annotations

import re
from typing import Any

from yule_runner.testing.kubernetes.resources import Resource
from yule_runner.testing.kubernetes.status import ApiError, bad_request, go_kind
from yule_runner.testing.kubernetes.storage.shapes import Shape, shape_of

__all__ = ["UnreadableError", "decode"]

Json = dict[str, Any]

_TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
_QUANTITY = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?")
_ITEM = re.compile(r"\[[0-9]+\]")
_QUANTITY_RULE = (
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
)


def decode(resource: Resource, body: Any) -> tuple[Json, list[str]]:
    """Read a request's object.

    Returns:
        The object without unknown fields, and the paths of those.

    Raises:
        ApiError: 400, where it is no such object, or a field has the wrong type
            (`UnreadableError`).
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
    shape = shape_of(resource)
    pruned = reader.read(body, shape, "", shape)
    typed = {"apiVersion": resource.api_version, "kind": resource.kind, "metadata": {}}
    return typed | pruned, reader.unknown


class UnreadableError(ApiError):
    """A body that is no object of its kind; `why` is what the decoder said."""

    def __init__(self, kind: str, why: str) -> None:
        text = f'{kind} in version "v1" cannot be handled as a {kind}: {why}'
        super().__init__(400, "BadRequest", text)
        self.why = why


class _Reader:
    """Walks through an object, and gathers what its kind does not know."""

    def __init__(self, resource: Resource) -> None:
        self._kind = resource.kind
        self.unknown: list[str] = []

    def read(self, value: Any, shape: Shape, path: str, parent: Shape) -> Any:
        """Return a value without unknown fields and nulls; `parent` is the object it is in."""
        if value is None:
            return None
        self._check(value, shape, path, parent)
        if isinstance(value, list):
            item = shape.item()
            return [
                self.read(each, item, f"{path}[{place}]", parent)
                for place, each in enumerate(value)
            ]
        if not isinstance(value, dict):
            return value
        kept = {}
        for name, each in value.items():
            where = f"{path}.{name}" if path else name
            field = shape.field(name)
            if field is None:
                self.unknown.append(where)
            else:
                kept[name] = self.read(each, field, where, shape)
        return {name: each for name, each in kept.items() if each is not None}

    def _check(self, value: Any, shape: Shape, path: str, parent: Shape) -> None:
        allowed = tuple(kind for name in shape.types for kind in _TYPES.get(name, ()))
        wrong = isinstance(value, bool) and bool not in allowed
        if allowed and (wrong or not isinstance(value, allowed)):
            place = f"{parent.struct}.{_ITEM.sub('', path)}"
            raise self._refusal(
                f"json: cannot unmarshal {go_kind(value)} into Go struct field {place} of type "
                f"{shape.go_type}"
            )
        if shape.is_quantity and not _QUANTITY.fullmatch(str(value)):
            raise self._refusal(_QUANTITY_RULE)

    def _refusal(self, why: str) -> UnreadableError:
        return UnreadableError(self._kind, why)
