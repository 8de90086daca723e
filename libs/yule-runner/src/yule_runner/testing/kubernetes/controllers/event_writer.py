"""Events as objects: named after what they are about, and changed while they are there."""

from __future__ import annotations

import random
from typing import Any

from yule_runner.testing.kubernetes.api.operations import Operations
from yule_runner.testing.kubernetes.resources import BY_KIND
from yule_runner.testing.kubernetes.status import ApiError

__all__ = ["EventWriter", "reference"]

Json = dict[str, Any]

_EVENT = BY_KIND["Event"]
_MERGE = "application/merge-patch+json"
_DEFAULT = "default"


class EventWriter:
    """Writes the events of one component.

    Args:
        operations: the API.
        component: who reports; its names are the same in each run of a test.
    """

    def __init__(self, operations: Operations, component: str) -> None:
        self._api, self._component = operations, component
        self._random = random.Random(component)  # noqa: S311 - names, not secrets

    def create(self, about: Json, fields: Json) -> Json:
        """Create an event about an object, whose present version it refers to."""
        about_metadata = about["metadata"]
        namespace = about_metadata.get("namespace", _DEFAULT)
        name = f"{about_metadata['name']}.{self._random.getrandbits(64):016x}"
        body = {
            "metadata": {"name": name, "namespace": namespace},
            "involvedObject": reference(about),
            "reportingComponent": self._component,
        }
        return self._api.create(_EVENT, namespace, body | fields)[0]

    def change(self, event: Json, fields: Json) -> Json | None:
        """Change an event and return it; None where it is gone."""
        metadata = event["metadata"]
        try:
            return self._api.patch(_EVENT, metadata["namespace"], metadata["name"], fields, _MERGE)
        except ApiError as error:
            if error.code != 404:
                raise
            return None


def reference(about: Json) -> Json:
    """Return the ObjectReference of an object, with its version."""
    metadata = about["metadata"]
    fields = ("name", "namespace", "uid", "resourceVersion")
    named = {field: metadata[field] for field in fields if field in metadata}
    return {"apiVersion": about["apiVersion"], "kind": about["kind"]} | named
