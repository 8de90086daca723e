"""Deletes what nobody owns any more, and carries out propagation policies.

After pkg/controller/garbagecollector.
"""

from __future__ import annotations

from typing import Any, Literal

from yule_runner.testing.kubernetes.api.deletion import FOREGROUND, ORPHAN, DeleteOptions
from yule_runner.testing.kubernetes.api.operations import Operations
from yule_runner.testing.kubernetes.resources import BY_KIND, Resource
from yule_runner.testing.kubernetes.status import ApiError
from yule_runner.testing.kubernetes.storage.store import Change, owner_references

__all__ = ["GarbageCollector"]

Json = dict[str, Any]
Item = tuple[str, str, str]

_MERGE = "application/merge-patch+json"


class GarbageCollector:
    """Looks again at an owner that is being deleted, and at everything that it owned."""

    def __init__(self, operations: Operations) -> None:
        self._api, self._store = operations, operations.store
        self._queue: dict[Item, None] = {}

    def observe(self, change: Change) -> None:
        """Take note of a change."""
        body, uid = change.object, change.object["metadata"]["uid"]
        if change.type == "DELETED":
            self._add_dependents(uid)
            for reference in owner_references(body):
                self._add_owner(body, reference)
        elif "deletionTimestamp" in body["metadata"]:
            if FOREGROUND in body["metadata"].get("finalizers", []):
                self._add_dependents(uid)
            self._queue[_item(change.resource, body)] = None
        elif owner_references(body):
            self._queue[_item(change.resource, body)] = None

    def work(self) -> bool:
        """Look at one object; return whether there was one."""
        if not self._queue:
            return False
        item = next(iter(self._queue))
        del self._queue[item]
        resource = BY_KIND[item[0]]
        body = self._store.get(resource, item[1], item[2])
        if body is not None:
            try:
                self._look(resource, body)
            except ApiError as error:
                if error.code not in (404, 409):
                    raise
        return True

    def _look(self, resource: Resource, body: Json) -> None:
        metadata = body["metadata"]
        finalizers = metadata.get("finalizers", [])
        if "deletionTimestamp" in metadata:
            if ORPHAN in finalizers:
                self._orphan(resource, body)
            elif FOREGROUND in finalizers and not self._blockers(metadata["uid"]):
                self._drop_finalizer(resource, body, FOREGROUND)
            elif FOREGROUND in finalizers:
                self._add_dependents(metadata["uid"])
            return
        owners = owner_references(body)
        solid, gone, waiting = self._classified(body)
        if solid and (gone or waiting):
            self._keep_owners(resource, body, [each for each in owners if each in solid])
        elif owners and not solid:
            has_dependents = any(True for _ in self._store.owned_by(metadata["uid"]))
            options = DeleteOptions(
                propagation=_policy(finalizers, is_waited_for=bool(waiting and has_dependents)),
                uid=metadata["uid"],
            )
            name, namespace = metadata["name"], metadata.get("namespace", "")
            self._api.delete(resource, namespace, name, options)

    def _classified(self, body: Json) -> tuple[list[Json], list[Json], list[Json]]:
        """Split owners into those that stay, those gone, and those that wait for dependents."""
        solid, gone, waiting = [], [], []
        for reference in owner_references(body):
            resource = BY_KIND.get(reference["kind"])
            if resource is None:
                solid.append(reference)
                continue
            namespace = body["metadata"].get("namespace", "") if resource.namespaced else ""
            owner = self._store.get(resource, namespace, reference["name"])
            if owner is None or owner["metadata"]["uid"] != reference["uid"]:
                gone.append(reference)
            elif "deletionTimestamp" in owner["metadata"] and FOREGROUND in owner["metadata"].get(
                "finalizers", []
            ):
                waiting.append(reference)
            else:
                solid.append(reference)
        return solid, gone, waiting

    def _blockers(self, uid: str) -> bool:
        return any(
            reference["uid"] == uid and reference.get("blockOwnerDeletion")
            for _, body in self._store.owned_by(uid)
            for reference in owner_references(body)
        )

    def _orphan(self, resource: Resource, body: Json) -> None:
        uid = body["metadata"]["uid"]
        for kind, dependent in list(self._store.owned_by(uid)):
            kept = [each for each in owner_references(dependent) if each["uid"] != uid]
            self._keep_owners(kind, dependent, kept)
        self._drop_finalizer(resource, body, ORPHAN)

    def _keep_owners(self, resource: Resource, body: Json, kept: list[Json]) -> None:
        metadata = body["metadata"]
        patch = {"metadata": {"ownerReferences": kept or None, "uid": metadata["uid"]}}
        name, namespace = metadata["name"], metadata.get("namespace", "")
        self._api.patch(resource, namespace, name, patch, _MERGE)

    def _drop_finalizer(self, resource: Resource, body: Json, finalizer: str) -> None:
        metadata = body["metadata"]
        left = [each for each in metadata["finalizers"] if each != finalizer]
        patch = {"metadata": {"finalizers": left or None, "uid": metadata["uid"]}}
        name, namespace = metadata["name"], metadata.get("namespace", "")
        self._api.patch(resource, namespace, name, patch, _MERGE)

    def _add_dependents(self, uid: str) -> None:
        for resource, body in self._store.owned_by(uid):
            self._queue[_item(resource, body)] = None

    def _add_owner(self, body: Json, reference: Json) -> None:
        if resource := BY_KIND.get(reference["kind"]):
            namespace = body["metadata"].get("namespace", "") if resource.namespaced else ""
            self._queue[(resource.kind, namespace, reference["name"])] = None


def _policy(
    finalizers: list[str], *, is_waited_for: bool
) -> Literal["Background", "Foreground", "Orphan"]:
    """Go on as an earlier deletion began; else wait for dependents where an owner waits."""
    if is_waited_for or FOREGROUND in finalizers:
        return "Foreground"
    return "Orphan" if ORPHAN in finalizers else "Background"


def _item(resource: Resource, body: Json) -> Item:
    return resource.kind, body["metadata"].get("namespace", ""), body["metadata"]["name"]
