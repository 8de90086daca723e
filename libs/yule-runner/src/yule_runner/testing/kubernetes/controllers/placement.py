"""Whether a node can take a pod (pkg/scheduler/framework/plugins)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yule_runner.testing.kubernetes.quantities import quantity
from yule_runner.testing.kubernetes.storage.selectors import matches_label_selector

__all__ = ["Refusal", "refusal_of", "requested"]

Json = dict[str, Any]


@dataclass(frozen=True)
class Refusal:
    """Why a node cannot take a pod.

    Attributes:
        reasons: in the scheduler's words.
        is_final: whether it could not either if no other pod were there.
    """

    reasons: tuple[str, ...]
    is_final: bool


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


def refusal_of(pod: Json, node: Json, running: list[dict[str, Decimal]]) -> Refusal | None:
    """Return why the node cannot take the pod, or None.

    Args:
        pod: to be placed.
        node: with `status.allocatable`; what it does not name is unlimited, but for devices.
        running: what the node's pods reserve.
    """
    if node["spec"].get("unschedulable"):
        return Refusal(("node(s) were unschedulable",), is_final=True)
    for taint in node["spec"].get("taints", []):
        if taint["effect"] != "PreferNoSchedule" and not _is_tolerated(pod, taint):
            return Refusal(("node(s) had untolerated taint(s)",), is_final=True)
    if not _is_selected(pod["spec"], node):
        return Refusal(("node(s) didn't match Pod's node affinity/selector",), is_final=True)
    reasons, is_final = [], False
    allocatable = node.get("status", {}).get("allocatable", {})
    if "pods" in allocatable and len(running) >= quantity(allocatable["pods"]):
        reasons.append("Too many pods")
    for name, wanted in requested(pod).items():
        if name not in allocatable and "/" not in name:
            continue
        total = quantity(allocatable.get(name, 0))
        used = sum((each.get(name, Decimal(0)) for each in running), Decimal(0))
        if wanted > total - used:
            reasons.append(f"Insufficient {name}")
            is_final = is_final or wanted > total
    return Refusal(tuple(reasons), is_final=is_final) if reasons else None


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
