"""What of the cluster's objects a driver keeps in memory: what it reads, and nothing else.

A pod as the API server tells it is some 10 kB, most of which is its specification and who has
written which field of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from yule_runner.kubernetes.api import JOBS, PODS, Kind

__all__ = ["keeper_of"]

Json = dict[str, Any]
Keep = Callable[[Json], Json]

_METADATA = (
    "name",
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "labels",
    "annotations",
    "ownerReferences",
)
_JOB = ("completions", "completionMode")
_JOB_POD = ("affinity",)
_JOB_CONTAINER = ("resources",)
_JOB_STATUS = ("conditions", "completedIndexes", "failedIndexes", "succeeded", "failed")
_POD = ("nodeName", "terminationGracePeriodSeconds")
_POD_STATUS = ("phase", "reason", "message", "conditions")
_CONTAINERS = ("initContainerStatuses", "containerStatuses")
_CONTAINER_STATUS = ("name", "image", "state")


def keeper_of(kind: Kind) -> Keep:
    """Return what shortens objects of a kind; other kinds than Jobs and pods stay whole."""
    return {JOBS.plural: _job, PODS.plural: _pod}.get(kind.plural, lambda body: body)


def _job(body: Json) -> Json:
    pod = body["spec"]["template"]["spec"]
    containers = [_some(each, _JOB_CONTAINER) for each in pod["containers"]]
    template = {"spec": _some(pod, _JOB_POD) | {"containers": containers}}
    return {
        "metadata": _some(body["metadata"], _METADATA),
        "spec": _some(body["spec"], _JOB) | {"template": template},
        "status": _some(body.get("status", {}), _JOB_STATUS),
    }


def _pod(body: Json) -> Json:
    found = body.get("status", {})
    status = _some(found, _POD_STATUS)
    for field in _CONTAINERS:
        if field in found:
            status[field] = [_some(each, _CONTAINER_STATUS) for each in found[field]]
    return {
        "metadata": _some(body["metadata"], _METADATA),
        "spec": _some(body["spec"], _POD),
        "status": status,
    }


def _some(body: Mapping[str, Any], names: tuple[str, ...]) -> Json:
    return {name: body[name] for name in names if name in body}
