"""Objects that are not the ones that are meant: their names are those of others before them."""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.resources import Resource
from yule_runner.testing.kubernetes.status import ApiError, conflict, invalid, invalid_value

__all__ = ["another"]

Json = dict[str, Any]


def another(resource: Resource, old: Json, uid: str, *, is_patch: bool) -> ApiError:
    """Return why an object is not the one that is meant: a patch would change its uid."""
    found, name = old["metadata"]["uid"], old["metadata"]["name"]
    if is_patch:
        error = invalid_value("metadata.uid", uid, "field is immutable")
        return invalid(resource.group, resource.kind, name, [error])
    place = "/".join(filter(None, [old["metadata"].get("namespace", ""), name]))
    why = (
        f"StorageError: invalid object, Code: 4, Key: /registry/{resource.plural}/{place}, "
        "ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: "
        f"{uid}, UID in object meta: {found}"
    )
    return conflict(resource.group, resource.plural, name, why)
