"""How an object goes: at once, after its grace period, or once its finalizers are gone.

After apiserver pkg/registry/generic/registry/store.go and pkg/registry/rest/delete.go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from yule_runner.testing.kubernetes.clock import time_text
from yule_runner.testing.kubernetes.resources import Resource
from yule_runner.testing.kubernetes.status import (
    FieldError,
    bad_request,
    conflict,
    invalid,
    not_supported,
    success,
)
from yule_runner.testing.kubernetes.storage.store import Store

__all__ = ["FOREGROUND", "ORPHAN", "DeleteOptions", "delete"]

Json = dict[str, Any]

FOREGROUND = "foregroundDeletion"
ORPHAN = "orphan"
_POLICIES = ("Background", "Foreground", "Orphan")
_ENDED = ("Failed", "Succeeded")


@dataclass(frozen=True, kw_only=True)
class DeleteOptions:
    """What a deletion asks for; None where it does not say.

    Attributes:
        is_old_cascade: whether it says `orphanDependents: false`, as before propagation policies.
    """

    grace_period_s: int | None = None
    propagation: Literal["Background", "Foreground", "Orphan"] | None = None
    uid: str | None = None
    version: str | None = None
    dry_run: bool = False
    is_old_cascade: bool = False

    @classmethod
    def read(cls, query: dict[str, str], body: Any) -> DeleteOptions:
        """Read options from the query; a body, where there is one, counts instead.

        Raises:
            ApiError: 400 or 422, for what there is not.
        """
        given: Json = body if isinstance(body, dict) else dict(query)
        policy: Any = given.get("propagationPolicy")
        is_old_cascade = False
        if policy is not None and policy not in _POLICIES:
            error = not_supported("propagationPolicy", policy, [*_POLICIES, "nil"])
            raise invalid("meta.k8s.io", "DeleteOptions", "", [error])
        if given.get("orphanDependents") is not None:
            if policy is not None:
                text = "Invalid value: orphanDependents and deletionPropagation cannot be both set"
                error = FieldError("propagationPolicy", text)
                raise invalid("meta.k8s.io", "DeleteOptions", "", [error])
            is_old_cascade = str(given["orphanDependents"]).lower() != "true"
            policy = "Background" if is_old_cascade else "Orphan"
        grace = given.get("gracePeriodSeconds")
        preconditions = given.get("preconditions") or {}
        try:
            grace = None if grace is None else int(grace)
        except ValueError as failure:
            raise bad_request(f"gracePeriodSeconds must be a number, not {grace!r}") from failure
        return cls(
            grace_period_s=grace,
            propagation=policy,
            uid=preconditions.get("uid"),
            version=preconditions.get("resourceVersion"),
            dry_run=bool(given.get("dryRun")),
            is_old_cascade=is_old_cascade,
        )


def delete(
    store: Store, resource: Resource, stored: Json, options: DeleteOptions, now_s: float
) -> Json:
    """Delete an object, or mark it as being deleted; return the response body.

    Raises:
        ApiError: 409, where a precondition does not hold.
    """
    _check(resource, stored, options)
    metadata = dict(stored["metadata"])
    finalizers = _finalizers(resource, metadata, options)
    period = _grace_period(resource, stored, options)
    marked = _mark(metadata | {"finalizers": finalizers}, period, now_s)
    body = stored | {"metadata": marked}
    if options.dry_run:
        return body
    graceful = resource.kind == "Pod"
    must_wait = bool(finalizers) or period > 0
    if (graceful or must_wait) and _changes(body, stored):
        stored = store.write(resource, body)
    if must_wait:
        return stored
    last = store.remove(resource, stored)
    if graceful:
        return last
    named = (resource.group, resource.plural, metadata["name"], metadata["uid"])
    return success(*named)


def _check(resource: Resource, stored: Json, options: DeleteOptions) -> None:
    metadata = stored["metadata"]
    checks = (
        ("UID", options.uid, metadata["uid"]),
        ("ResourceVersion", options.version, metadata["resourceVersion"]),
    )
    for name, wanted, found in checks:
        if wanted is not None and wanted != found:
            why = (
                f"the {name} in the precondition ({wanted}) does not match the {name} in record "
                f"({found}). The object might have been deleted and then recreated"
                if name == "UID"
                else f"the {name} in the precondition ({wanted}) does not match the {name} in "
                f"record ({found}). The object might have been modified"
            )
            raise conflict(resource.group, resource.kind, metadata["name"], why)


def _finalizers(resource: Resource, metadata: Json, options: DeleteOptions) -> list[str]:
    before = metadata.get("finalizers") or []
    kept = [each for each in before if each not in (FOREGROUND, ORPHAN)]
    policy = options.propagation
    if policy is None:
        if FOREGROUND in before or ORPHAN in before:
            return list(before)
        # batch/v1 keeps the default of the first Jobs: dependents are orphaned.
        policy = "Orphan" if resource.kind == "Job" else "Background"
    added = {"Orphan": [ORPHAN], "Foreground": [FOREGROUND], "Background": []}[policy]
    return kept + added


def _grace_period(resource: Resource, stored: Json, options: DeleteOptions) -> int:
    """Return the seconds that the object may still live: only pods have any."""
    if resource.kind != "Pod":
        return 0
    spec, metadata = stored["spec"], stored["metadata"]
    pending = metadata.get("deletionGracePeriodSeconds")
    if not spec.get("nodeName") or stored.get("status", {}).get("phase") in _ENDED:
        return (
            0
            if options.grace_period_s is None or pending is None
            else min(options.grace_period_s, pending)
        )
    asked = options.grace_period_s
    if asked is None:
        asked = spec.get("terminationGracePeriodSeconds", 30) if pending is None else pending
    if asked < 0:
        asked = 1
    return int(asked if pending is None else min(asked, pending))


def _mark(metadata: Json, period: int, now_s: float) -> Json:
    if not metadata["finalizers"]:
        del metadata["finalizers"]
    first = "deletionTimestamp" not in metadata
    if not first and period >= metadata.get("deletionGracePeriodSeconds", 0):
        return metadata
    if first and metadata.get("generation"):
        metadata["generation"] += 1
    metadata["deletionTimestamp"] = time_text(now_s + period)
    metadata["deletionGracePeriodSeconds"] = period
    return metadata


def _changes(body: Json, stored: Json) -> bool:
    return bool(body["metadata"] != stored["metadata"])
