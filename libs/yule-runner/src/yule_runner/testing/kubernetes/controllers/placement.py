"""Whether a node can take a pod (pkg/scheduler/framework/plugins)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from yule_runner.testing.kubernetes.quantities import quantity
from yule_runner.testing.kubernetes.storage.selectors import matches_label_selector

__all__ = ["node_refusal", "requested"]

Json = dict[str, Any]


def requested(pod: Json) -> dict[str, Decimal]:
    """Return what a pod reserves: its containers' sum, or its largest init container."""
    totals: dict[str, Decimal] = {}
    for container in pod["spec"]["containers"]:
        for name, text in _requests(container).items():
            totals[name] = totals.get(name, Decimal(0)) + quantity(text)
    for container in pod["spec"].get("initContainers", []):
        for name, text in _requests(container).items():
            totals[name] = max(totals.get(name, Decimal(0)), quantity(text))
    return totals


def node_refusal(pod: Json, node: Json, running: list[dict[str, Decimal]]) -> str | None:
    """Return why the node cannot take the pod, in the scheduler's words, or None.

    Args:
        pod: to be placed.
        node: with `status.allocatable`; what it does not name is unlimited, but for devices.
        running: what the node's pods reserve.
    """
    if node["spec"].get("unschedulable"):
        return "node(s) were unschedulable"
    for taint in node["spec"].get("taints", []):
        if taint["effect"] != "PreferNoSchedule" and not _is_tolerated(pod, taint):
            value = taint.get("value", "")
            return f"node(s) had untolerated taint(s) {{{taint['key']}: {value}}}"
    if not _is_selected(pod["spec"], node):
        return "node(s) didn't match Pod's node affinity/selector"
    allocatable = node.get("status", {}).get("allocatable", {})
    if "pods" in allocatable and len(running) >= quantity(allocatable["pods"]):
        return "Too many pods"
    for name, wanted in requested(pod).items():
        if name not in allocatable and "/" not in name:
            continue
        used = sum((each.get(name, Decimal(0)) for each in running), Decimal(0))
        if wanted > quantity(allocatable.get(name, 0)) - used:
            return f"Insufficient {name}"
    return None


def _requests(container: Json) -> dict[str, str]:
    requests: dict[str, str] = container.get("resources", {}).get("requests") or {}
    return requests


def _is_tolerated(pod: Json, taint: Json) -> bool:
    return any(
        each.get("effect", taint["effect"]) in (taint["effect"], "")
        and each.get("key", taint["key"]) == taint["key"]
        and (each.get("operator") == "Exists" or each.get("value", "") == taint.get("value", ""))
        for each in pod["spec"].get("tolerations", [])
    )


def _is_selected(spec: Json, node: Json) -> bool:
    labels = node["metadata"].get("labels", {})
    if any(labels.get(key) != value for key, value in spec.get("nodeSelector", {}).items()):
        return False
    affinity = spec.get("affinity", {}).get("nodeAffinity", {})
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
    if required is None:
        return True
    names = {"metadata.name": node["metadata"]["name"]}
    return any(
        matches_label_selector({"matchExpressions": term.get("matchExpressions", [])}, labels)
        and matches_label_selector({"matchExpressions": term.get("matchFields", [])}, names)
        for term in required["nodeSelectorTerms"]
        if term.get("matchExpressions") or term.get("matchFields")
    )
