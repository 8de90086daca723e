"""Objects under one resourceVersion, and the changes that led to them."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from yule_runner.testing.kubernetes.resources import RESOURCES, Resource

__all__ = ["Change", "Store", "owner_references"]

Json = dict[str, Any]
Key = tuple[str, str]


@dataclass(frozen=True)
class Change:
    """One write.

    Attributes:
        version: the resourceVersion that it made.
        type: what a watch calls it.
        resource: kind of the object.
        object: the object after the write; for DELETED, as it last was, with the new version.
        previous: the object before the write; None for ADDED.
    """

    version: int
    type: Literal["ADDED", "MODIFIED", "DELETED"]
    resource: Resource
    object: Json
    previous: Json | None


class Store:
    """The state of the cluster.

    Stored objects are never changed in place: whoever wants to change one copies it first.
    `changed` is notified after each write, and is the lock of the whole control plane.

    Args:
        kept_changes: how many changes watches can go back; older versions are gone (410).
    """

    def __init__(self, kept_changes: int = 100_000) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.version = 1
        self.changes: deque[Change] = deque(maxlen=kept_changes)
        self._objects: dict[str, dict[Key, Json]] = {}
        self._compacted = 0

    @property
    def oldest_version(self) -> int:
        """The smallest version that a watch can start from."""
        if self.changes and len(self.changes) == self.changes.maxlen:
            return self.changes[0].version
        return self._compacted

    def compact(self) -> None:
        """Forget all changes: watches from before now get 410."""
        self.changes.clear()
        self._compacted = self.version

    def since(self, version: int) -> list[Change]:
        """Return the kept changes after a version, oldest first."""
        if version >= self.version:
            return []
        newer = itertools.takewhile(lambda change: change.version > version, reversed(self.changes))
        return list(newer)[::-1]

    def get(self, resource: Resource, namespace: str, name: str) -> Json | None:
        """Return an object, or None."""
        return self._objects.get(resource.plural, {}).get((namespace, name))

    def objects(self, resource: Resource, namespace: str = "") -> list[Json]:
        """Return the objects of a namespace, or of all, by namespace and name."""
        stored = self._objects.get(resource.plural, {})
        keys = sorted(key for key in stored if not namespace or key[0] == namespace)
        return [stored[key] for key in keys]

    def objects_at(self, version: int, resource: Resource, namespace: str = "") -> list[Json]:
        """Return the objects of a namespace, or of all, as they were at a version that is kept."""
        stored = dict(self._objects.get(resource.plural, {}))
        for change in reversed(self.since(version)):
            if change.resource is resource:
                metadata = change.object["metadata"]
                key = (metadata.get("namespace", ""), metadata["name"])
                if change.previous is None:
                    del stored[key]
                else:
                    stored[key] = change.previous
        return [stored[key] for key in sorted(stored) if not namespace or key[0] == namespace]

    def owned_by(self, uid: str) -> Iterator[tuple[Resource, Json]]:
        """Yield every object that names this owner, oldest first."""
        for resource in RESOURCES:
            for stored in list(self._objects.get(resource.plural, {}).values()):
                if any(ref["uid"] == uid for ref in owner_references(stored)):
                    yield resource, stored

    def write(self, resource: Resource, body: Json) -> Json:
        """Store an object under the next version; return what is stored."""
        stored = self._objects.setdefault(resource.plural, {})
        key = (body["metadata"].get("namespace", ""), body["metadata"]["name"])
        previous = stored.get(key)
        body = self._versioned(body)
        stored[key] = body
        self._record("MODIFIED" if previous else "ADDED", resource, body, previous)
        return body

    def remove(self, resource: Resource, body: Json) -> Json:
        """Remove an object; return it as its watches see it last."""
        key = (body["metadata"].get("namespace", ""), body["metadata"]["name"])
        previous = self._objects[resource.plural].pop(key)
        last = self._versioned(previous)
        self._record("DELETED", resource, last, previous)
        return last

    def _versioned(self, body: Json) -> Json:
        self.version += 1
        return body | {"metadata": body["metadata"] | {"resourceVersion": str(self.version)}}

    def _record(
        self,
        kind: Literal["ADDED", "MODIFIED", "DELETED"],
        resource: Resource,
        body: Json,
        previous: Json | None,
    ) -> None:
        with self.changed:
            self.changes.append(Change(self.version, kind, resource, body, previous))
            self.changed.notify_all()


def owner_references(body: Json) -> list[Json]:
    """Return an object's owner references."""
    references: list[Json] = body["metadata"].get("ownerReferences", [])
    return references
