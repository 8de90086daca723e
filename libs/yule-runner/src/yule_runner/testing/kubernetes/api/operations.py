"""The verbs of the API on any resource: create, get, list, update, patch, delete."""

from __future__ import annotations

import copy
import json
import random
import uuid
from collections.abc import Callable
from typing import Any

from yule_runner.testing.kubernetes.api.deletion import DeleteOptions, delete
from yule_runner.testing.kubernetes.api.identity import another
from yule_runner.testing.kubernetes.api.schemas import UnreadableError, decode
from yule_runner.testing.kubernetes.api.strategies import prepare_new, prepare_update
from yule_runner.testing.kubernetes.clock import VirtualClock, time_text
from yule_runner.testing.kubernetes.resources import BY_KIND, Resource
from yule_runner.testing.kubernetes.status import (
    ApiError,
    already_exists,
    bad_request,
    conflict,
    invalid,
    invalid_value,
    not_found,
    unsupported_media_type,
)
from yule_runner.testing.kubernetes.storage.patches import json_patch, merge_patch
from yule_runner.testing.kubernetes.storage.shapes import shape_of
from yule_runner.testing.kubernetes.storage.store import Store
from yule_runner.testing.kubernetes.storage.strategic import strategic_merge_patch

__all__ = ["Operations"]

Json = dict[str, Any]
Admission = Callable[[Resource, Json], None]

_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
_SUFFIX_LENGTH = 5
_LONGEST_PREFIX = 63 - _SUFFIX_LENGTH
_PATCHES = (
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
)
_STALE = (
    "the object has been modified; please apply your changes to the latest version and try again"
)


class Operations:
    """What requests do to the store; the controllers go through the same door.

    Args:
        store: the state.
        clock: the time.
        seed: of names and uids, so that a test sees the same ones each time.
    """

    def __init__(self, store: Store, clock: VirtualClock, seed: int = 0) -> None:
        self.store, self.clock = store, clock
        self.admission: list[Admission] = []
        self._random = random.Random(seed)  # noqa: S311 - names, not secrets

    def create(
        self,
        resource: Resource,
        namespace: str,
        body: Any,
        *,
        dry_run: bool = False,
        strict: bool = False,
    ) -> tuple[Json, list[str]]:
        """Create an object; return it, and the unknown fields that were dropped.

        Raises:
            ApiError: 400, 403, 409 or 422.
        """
        body, unknown = self._decode(resource, body, strict)
        metadata = dict(body["metadata"])
        if metadata.pop("resourceVersion", ""):
            raise ApiError(500, "", "resourceVersion should not be set on objects to be created")
        for field in ("deletionTimestamp", "deletionGracePeriodSeconds"):
            metadata.pop(field, None)
        if metadata.get("namespace", namespace) != namespace:
            raise bad_request(
                "the namespace of the provided object does not match the namespace sent on the "
                "request"
            )
        if resource.namespaced:
            metadata["namespace"] = namespace
            self._need_namespace(namespace)
        if not metadata.get("name") and (prefix := metadata.get("generateName")):
            metadata["name"] = self._generated(prefix)
        metadata["uid"] = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        metadata["creationTimestamp"] = time_text(self.clock.now_s)
        body = prepare_new(resource, body | {"metadata": metadata})
        name = metadata["name"]
        if self.store.get(resource, metadata.get("namespace", ""), name) is not None:
            raise already_exists(resource.group, resource.plural, name)
        for admit in self.admission:
            admit(resource, body)
        return (body if dry_run else self.store.write(resource, body)), unknown

    def get(self, resource: Resource, namespace: str, name: str) -> Json:
        """Return an object.

        Raises:
            ApiError: 404.
        """
        stored = self.store.get(resource, namespace, name)
        if stored is None:
            raise not_found(resource.group, resource.plural, name)
        return stored

    def update(
        self,
        resource: Resource,
        namespace: str,
        name: str,
        body: Any,
        *,
        subresource: str = "",
        dry_run: bool = False,
        strict: bool = False,
        is_patch: bool = False,
        warn: Callable[[str], None] = lambda _: None,
    ) -> Json:
        """Replace an object, or its status.

        Args:
            resource: its kind.
            namespace: of the object.
            name: of the object.
            body: what it is to be.
            subresource: `status`, or empty.
            dry_run: whether nothing is stored.
            strict: whether unknown fields are refused.
            is_patch: whether the body is what a patch makes of the stored object.
            warn: gets the path of each unknown field that is dropped.

        Raises:
            ApiError: 400, 404, 409 or 422.
        """
        body, unknown = self._decode(resource, body, strict, is_patch=is_patch)
        for path in unknown:
            warn(path)
        old = self.get(resource, namespace, name)
        metadata = body["metadata"]
        if metadata.get("name", name) != name:
            raise bad_request(
                f"the name of the object ({metadata['name']}) does not match the name on the URL "
                f"({name})"
            )
        version, uid = metadata.get("resourceVersion"), metadata.get("uid")
        if uid and uid != old["metadata"]["uid"]:
            raise another(resource, old, uid, is_patch=is_patch)
        if version and version != old["metadata"]["resourceVersion"]:
            raise conflict(resource.group, resource.plural, name, _STALE)
        new = prepare_update(resource, body, old, subresource)
        new["metadata"] = new["metadata"] | {"resourceVersion": old["metadata"]["resourceVersion"]}
        if new == old or dry_run:
            return new
        if _is_free_to_go(new, old):
            self.store.remove(resource, old)
            return new
        return self.store.write(resource, new)

    def patch(
        self,
        resource: Resource,
        namespace: str,
        name: str,
        patch: Any,
        media_type: str,
        **options: Any,
    ) -> Json:
        """Change an object by a patch of one of three kinds.

        Raises:
            ApiError: 400, 404, 409, 415, 422, or 501 for server-side apply.
        """
        old = self.get(resource, namespace, name)
        match media_type:
            case "application/merge-patch+json":
                new = merge_patch(old, patch)
            case "application/strategic-merge-patch+json":
                new = strategic_merge_patch(old, patch, shape_of(resource))
            case "application/json-patch+json":
                new = json_patch(old, patch)
            case "application/apply-patch+yaml":
                text = "the simulated API server does not apply: send a merge or strategic patch"
                raise ApiError(501, "NotImplemented", text)
            case _:
                raise unsupported_media_type(*_PATCHES)
        return self.update(resource, namespace, name, new, is_patch=True, **options)

    def delete(self, resource: Resource, namespace: str, name: str, options: DeleteOptions) -> Json:
        """Delete an object; return the response body.

        Raises:
            ApiError: 404 or 409.
        """
        stored = self.get(resource, namespace, name)
        return delete(self.store, resource, stored, options, self.clock.now_s)

    def _decode(
        self, resource: Resource, body: Any, strict: bool, *, is_patch: bool = False
    ) -> tuple[Json, list[str]]:
        try:
            found, unknown = decode(resource, copy.deepcopy(body))
        except UnreadableError as error:
            if not is_patch:
                raise
            raise _unreadable_patch(body, error.why) from error
        if unknown and strict:
            listed = ", ".join(f'unknown field "{path}"' for path in unknown)
            if is_patch:
                raise _unreadable_patch(body, f"strict decoding error: {listed}")
            raise bad_request(
                f'{resource.kind} in version "v1" cannot be handled as a {resource.kind}: strict '
                f"decoding error: {listed}"
            )
        return found, unknown

    def _need_namespace(self, namespace: str) -> None:
        if self.store.get(BY_KIND["Namespace"], "", namespace) is None:
            raise not_found("", "namespaces", namespace)

    def _generated(self, prefix: str) -> str:
        suffix = "".join(self._random.choices(_ALPHABET, k=_SUFFIX_LENGTH))
        return prefix[:_LONGEST_PREFIX] + suffix


def _unreadable_patch(body: Any, why: str) -> ApiError:
    """Return the 422 of what a patch has made of an object: no object of that kind."""
    text = json.dumps(body, separators=(",", ":"))
    return invalid("", "", "", [invalid_value("patch", text, why)])


def _is_free_to_go(new: Json, old: Json) -> bool:
    """Say whether an object that is being deleted waited for its finalizers alone."""
    before = old["metadata"]
    is_over = "deletionTimestamp" in before and not before.get("deletionGracePeriodSeconds")
    return is_over and not new["metadata"].get("finalizers")
