"""Defaults of pods and pod templates (pkg/apis/core/v1/defaults.go)."""

from __future__ import annotations

import copy
from typing import Any

__all__ = ["default_pod", "default_pod_spec", "qos_class"]

Json = dict[str, Any]

_EVICTED_AFTER_S = 300
_PROBE = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
_GATED: Json = {
    "type": "PodScheduled",
    "status": "False",
    "reason": "SchedulingGated",
    "message": "Scheduling is blocked due to non-empty scheduling gates",
    "lastProbeTime": None,
    "lastTransitionTime": None,
}
_FILE_SOURCES = ("configMap", "secret", "projected", "downwardAPI")


def default_pod_spec(spec: Json) -> Json:
    """Return a pod spec with what the API server fills in for a template."""
    spec = copy.deepcopy(spec)
    spec.setdefault("restartPolicy", "Always")
    spec.setdefault("dnsPolicy", "ClusterFirst")
    spec.setdefault("schedulerName", "default-scheduler")
    spec.setdefault("securityContext", {})
    spec.setdefault("terminationGracePeriodSeconds", 30)
    if account := spec.get("serviceAccountName"):
        spec.setdefault("serviceAccount", account)
    for container in [*spec.get("initContainers", []), *(spec.get("containers") or [])]:
        _default_container(container)
    for volume in spec.get("volumes", []):
        _default_volume(volume)
    return spec


def default_pod(pod: Json) -> Json:
    """Return a new pod as defaults and the usual admission plug-ins leave it."""
    spec = default_pod_spec(pod["spec"])
    spec.setdefault("enableServiceLinks", True)
    spec.setdefault("priority", 0)
    spec.setdefault("preemptionPolicy", "PreemptLowerPriority")
    for container in [*spec.get("initContainers", []), *(spec.get("containers") or [])]:
        limits = container["resources"].get("limits")
        if limits:
            requests = container["resources"].setdefault("requests", {})
            for name, quantity in limits.items():
                requests.setdefault(name, quantity)
    tolerations = spec.setdefault("tolerations", [])
    for key in ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"):
        if not any(_tolerates_eviction(each, key) for each in tolerations):
            tolerations.append(
                {
                    "key": key,
                    "operator": "Exists",
                    "effect": "NoExecute",
                    "tolerationSeconds": _EVICTED_AFTER_S,
                }
            )
    status: Json = {"phase": "Pending", "qosClass": qos_class(spec)}
    if spec.get("schedulingGates"):
        status["conditions"] = [dict(_GATED)]
    return pod | {"spec": spec, "status": status}


def qos_class(spec: Json) -> str:
    """Return Guaranteed, Burstable or BestEffort, from requests and limits of cpu and memory."""
    containers = [*spec.get("initContainers", []), *spec["containers"]]
    resources = [container.get("resources") or {} for container in containers]
    asked = [
        (each.get("requests", {}).get(name), each.get("limits", {}).get(name))
        for each in resources
        for name in ("cpu", "memory")
    ]
    if not any(request or limit for request, limit in asked):
        return "BestEffort"
    if all(request is not None and request == limit for request, limit in asked):
        return "Guaranteed"
    return "Burstable"


def _default_container(container: Json) -> None:
    image = container.get("image", "")
    tag = image.rpartition("/")[2].partition(":")[2]
    fixed = "@" in image or tag not in ("", "latest")
    container.setdefault("imagePullPolicy", "IfNotPresent" if fixed else "Always")
    container.setdefault("resources", {})
    container.setdefault("terminationMessagePath", "/dev/termination-log")
    container.setdefault("terminationMessagePolicy", "File")
    for port in container.get("ports", []):
        port.setdefault("protocol", "TCP")
    for variable in container.get("env", []):
        reference = variable.get("valueFrom", {}).get("fieldRef")
        if reference is not None:
            reference.setdefault("apiVersion", "v1")
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        if name in container:
            container[name] = _PROBE | container[name]


def _default_volume(volume: Json) -> None:
    if set(volume) == {"name"}:
        volume["emptyDir"] = {}
    for source in _FILE_SOURCES:
        if source in volume:
            volume[source].setdefault("defaultMode", 0o644)


def _tolerates_eviction(toleration: Json, key: str) -> bool:
    is_keyed = toleration.get("key", key) == key
    return is_keyed and bool(toleration.get("effect", "NoExecute") == "NoExecute")
