"""What fields a kind has, and how their lists merge: read from kubernetes-validate's schemas."""

from __future__ import annotations

import functools
import importlib.resources
import json
from dataclasses import dataclass
from typing import Any

from yule_runner.testing.kubernetes.resources import Resource

__all__ = ["Shape", "shape_of"]

Json = dict[str, Any]

_VERSION = "1.36.0"
_QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"


@dataclass(frozen=True)
class Shape:
    """A place in an object, and what may be there.

    Attributes:
        schema: JSON schema of the place, references followed.
        name: of the schema's definition; empty where it has none.
    """

    schema: Json
    name: str = ""

    @property
    def types(self) -> list[str]:
        """JSON types that are allowed; empty for any."""
        declared = self.schema.get("type")
        return [declared] if isinstance(declared, str) else list(declared or [])

    @property
    def struct(self) -> str:
        """Name of the Go struct; empty where this is none."""
        return self.name.rpartition(".")[2]

    @property
    def go_type(self) -> str:
        """Name of the Go type, as decoders print it."""
        kind = next((each for each in self.types if each != "null"), "string")
        if kind == "array":
            return f"[]{self.item().go_type}"
        if kind == "object" and "properties" not in self.schema:
            free = self.schema.get("additionalProperties")
            return f"map[string]{_shape(free).go_type if isinstance(free, dict) else 'string'}"
        if kind == "object":
            return f"v1.{self.struct}"
        kinds = {"boolean": "bool", "integer": "int64", "number": "float64"}
        return str(self.schema.get("format") or kinds.get(kind, "string"))

    @property
    def is_quantity(self) -> bool:
        """Whether this is an amount such as `500m` or `26Gi`."""
        return self.name == _QUANTITY

    @property
    def merges(self) -> bool:
        """Whether a strategic patch merges this list; others it replaces."""
        return "merge" in str(self.schema.get("x-kubernetes-patch-strategy", "")).split(",")

    @property
    def merge_key(self) -> str:
        """The field by which items of a list that merges are the same; empty for plain values."""
        return str(self.schema.get("x-kubernetes-patch-merge-key", ""))

    def field(self, name: str) -> Shape | None:
        """Return the shape of a field; None where there is no such field."""
        properties = self.schema.get("properties") or {}
        if name not in properties:
            return self._other
        if name not in self._declared:
            self._declared[name] = _shape(properties[name])
        return self._declared[name]

    def item(self) -> Shape:
        """Return the shape of a list's items."""
        return self._item

    @functools.cached_property
    def _declared(self) -> dict[str, Shape]:
        """The declared fields that were asked for: each is asked for again and again."""
        return {}

    @functools.cached_property
    def _other(self) -> Shape | None:
        """The shape of all fields that are not declared."""
        free = self.schema.get("additionalProperties")
        if isinstance(free, dict):
            return _shape(free)
        return Shape({}) if "properties" not in self.schema else None

    @functools.cached_property
    def _item(self) -> Shape:
        return _shape(self.schema.get("items", {}))


@functools.cache
def shape_of(resource: Resource) -> Shape:
    """Return the shape of a kind's objects; one that allows everything for unknown kinds."""
    name = f"{resource.kind.lower()}-{resource.api_version.replace('/', '-')}.json"
    path = _folder() / name
    return _shape(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else Shape({})


def _shape(schema: Json) -> Shape:
    name, own = "", {key: each for key, each in schema.items() if key.startswith("x-")}
    while "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = _definitions()[name]
    options = schema.get("oneOf") or schema.get("anyOf")
    if options and "type" not in schema:
        kinds = [kind for option in options if (kind := option.get("type"))]
        schema = {"type": [each for each in kinds if isinstance(each, str)]}
    return Shape(schema | own, name)


@functools.cache
def _definitions() -> Json:
    text = (_folder() / "_definitions.json").read_text(encoding="utf-8")
    definitions: Json = json.loads(text)["$defs"]
    return definitions


def _folder() -> Any:
    folder = importlib.resources.files("kubernetes_validate") / "kubernetes-json-schema"
    return folder / f"v{_VERSION}-local"
