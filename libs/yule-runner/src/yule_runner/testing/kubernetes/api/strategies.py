"""What each kind adds to creating and updating: defaults, generation, rules, status."""

from __future__ import annotations

import copy
from typing import Any

from yule_runner.testing.kubernetes.api.job_defaults import default_job, select_own_pods
from yule_runner.testing.kubernetes.api.job_rules import job_errors
from yule_runner.testing.kubernetes.api.job_status_rules import job_status_errors
from yule_runner.testing.kubernetes.api.job_update_rules import job_update_errors
from yule_runner.testing.kubernetes.api.metadata_rules import (
    metadata_errors,
    metadata_update_errors,
)
from yule_runner.testing.kubernetes.api.pod_defaults import default_pod
from yule_runner.testing.kubernetes.api.pod_rules import pod_spec_errors
from yule_runner.testing.kubernetes.api.zero_values import spell_out_event, spell_out_status
from yule_runner.testing.kubernetes.resources import Resource
from yule_runner.testing.kubernetes.status import FieldError, forbidden_value, invalid

__all__ = ["prepare_new", "prepare_update"]

Json = dict[str, Any]

_WITH_GENERATION = ("Job", "Pod")
_WITH_STATUS = ("Job", "Pod", "Namespace", "Node", "ResourceQuota")
# What an update cannot set, and what it may leave out (apiserver pkg/registry/rest, BeforeUpdate).
_KEPT = ("generation", "deletionTimestamp", "deletionGracePeriodSeconds")
_FILLED = ("name", "namespace", "uid", "creationTimestamp")
_POD_MUTABLE = (
    "activeDeadlineSeconds",
    "schedulingGates",
    "terminationGracePeriodSeconds",
    "tolerations",
)


def prepare_new(resource: Resource, body: Json) -> Json:
    """Return a new object with defaults set, or refuse it.

    Raises:
        ApiError: 422, with each rule that it breaks.
    """
    if resource.kind in _WITH_GENERATION:
        body["metadata"]["generation"] = 1
    if resource.kind in _WITH_STATUS:
        body["status"] = {}
    errors: list[FieldError]
    match resource.kind:
        case "Job":
            body = default_job(body)
            select_own_pods(body)
            errors = job_errors(body)
        case "Pod":
            body = default_pod(body)
            errors = metadata_errors(body) + pod_spec_errors(body["spec"], "spec")
        case "Namespace":
            body["status"] = {"phase": "Active"}
            body.setdefault("spec", {"finalizers": ["kubernetes"]})
            errors = metadata_errors(body)
        case "Event":
            body = spell_out_event(body)
            errors = metadata_errors(body)
        case _:
            errors = metadata_errors(body)
    _refuse(resource, body, errors)
    labels = body["spec"]["template"]["metadata"].get("labels") if resource.kind == "Job" else None
    if labels:
        # A Job without labels of its own is read with those of its template.
        body["metadata"].setdefault("labels", dict(labels))
    return body


def prepare_update(resource: Resource, body: Json, old: Json, subresource: str) -> Json:
    """Return what an update makes of the stored object, or refuse it.

    Raises:
        ApiError: 422, with each rule that it breaks.
    """
    metadata = {key: value for key, value in body["metadata"].items() if key not in _KEPT}
    metadata |= {key: old["metadata"][key] for key in _KEPT if key in old["metadata"]}
    metadata = {key: old["metadata"][key] for key in _FILLED if key in old["metadata"]} | metadata
    if subresource == "status":
        return _with_status(resource, body, old, metadata)
    if resource.kind in _WITH_STATUS:
        body = body | {"status": old.get("status", {})}
    body = body | {"metadata": metadata}
    errors: list[FieldError]
    if resource.kind == "Job":
        body = default_job(body)
        errors = job_update_errors(body, old)
    else:
        body = spell_out_event(body) if resource.kind == "Event" else body
        errors = metadata_errors(body) + metadata_update_errors(metadata, old["metadata"])
        if resource.kind == "Pod":
            errors += _pod_update_errors(body["spec"], old["spec"])
    _refuse(resource, body, errors)
    if resource.kind in _WITH_GENERATION and body["spec"] != old["spec"]:
        metadata = body["metadata"]
        body["metadata"] = metadata | {"generation": metadata.get("generation", 0) + 1}
    return body


def _with_status(resource: Resource, body: Json, old: Json, metadata: Json) -> Json:
    if resource.kind == "Pod":
        metadata = _with_owners_of(old["metadata"], metadata)
    new = old | {"metadata": metadata, "status": spell_out_status(resource, body)}
    errors = metadata_update_errors(metadata, old["metadata"])
    if resource.kind == "Job":
        errors += job_status_errors(new, old)
    _refuse(resource, new, errors)
    return new


def _with_owners_of(old: Json, metadata: Json) -> Json:
    """Keep a pod's owners: kubelets do not change them."""
    kept = {"ownerReferences": old["ownerReferences"]} if "ownerReferences" in old else {}
    others = {key: value for key, value in metadata.items() if key != "ownerReferences"}
    return others | kept


def _pod_update_errors(spec: Json, old: Json) -> list[FieldError]:
    gates = [each["name"] for each in old.get("schedulingGates", [])]
    errors = [
        forbidden_value(
            "spec.schedulingGates",
            f"only deletion is allowed, but found new scheduling gate '{each['name']}'",
        )
        for each in spec.get("schedulingGates", [])
        if each["name"] not in gates
    ]
    changed, before = copy.deepcopy(spec), copy.deepcopy(old)
    for each in (changed, before):
        for field in _POD_MUTABLE:
            each.pop(field, None)
        for container in [*each.get("containers", []), *each.get("initContainers", [])]:
            container.pop("image", None)
    if changed == before:
        return errors
    text = (
        "pod updates may not change fields other than `spec.containers[*].image`,"
        "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only "
        "additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be "
        "set to 1 if it was previously negative)"
    )
    return [*errors, forbidden_value("spec", text)]


def _refuse(resource: Resource, body: Json, errors: list[FieldError]) -> None:
    if errors:
        name = body["metadata"].get("name", "")
        raise invalid(resource.group, resource.kind, name, errors)
