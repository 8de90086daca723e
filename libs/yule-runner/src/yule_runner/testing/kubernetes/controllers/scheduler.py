"""Binds pods to nodes with room for them; else says why it cannot, and has others go."""

from __future__ import annotations

from collections import Counter
from typing import Any

from yule_runner.testing.kubernetes.api.deletion import DeleteOptions
from yule_runner.testing.kubernetes.api.operations import Operations
from yule_runner.testing.kubernetes.clock import time_text
from yule_runner.testing.kubernetes.controllers.occupancy import Occupancy
from yule_runner.testing.kubernetes.controllers.placement import refusal_of
from yule_runner.testing.kubernetes.controllers.preemption import (
    Refused,
    best_candidate,
    explained,
    priority_of,
)
from yule_runner.testing.kubernetes.controllers.series import SeriesRecorder
from yule_runner.testing.kubernetes.controllers.taints import disrupted
from yule_runner.testing.kubernetes.resources import BY_KIND
from yule_runner.testing.kubernetes.storage.store import Change

__all__ = ["Scheduler"]

Json = dict[str, Any]

_POD, _NODE = BY_KIND["Pod"], BY_KIND["Node"]
_ENDED = ("Failed", "Succeeded")


class Scheduler:
    """Tries each new pod at once, and the unschedulable ones when what changes may help them.

    Of those that wait, the most important comes first, then the one that was tried the longest ago
    (pkg/scheduler/framework/plugins/queuesort).
    """

    def __init__(self, operations: Operations) -> None:
        self._api, self._store = operations, operations.store
        self._queue: dict[tuple[str, str], int] = {}  # with their priority
        self._unschedulable: dict[tuple[str, str], None] = {}
        self._occupancy = Occupancy()
        self._recorder = SeriesRecorder(operations, "default-scheduler")

    def observe(self, change: Change) -> None:
        """Take note of a change: pods are tried again where it can help them."""
        if change.resource is _NODE:
            # As it is now: a node that is added gets its status a moment later.
            node = self._store.get(_NODE, "", change.object["metadata"]["name"])
            if node is not None:
                self._retry(node)
        elif change.resource is _POD:
            self._occupancy.observe(change)
            pod, key = change.object, _key(change.object)
            if change.type == "DELETED" or pod["status"].get("phase") in _ENDED:
                self._unschedulable.pop(key, None)
                if pod["spec"].get("nodeName"):
                    self._retry(None)
            elif not pod["spec"].get("nodeName") and _has_lost_gates(change):
                self._queue[key] = priority_of(pod)

    def _retry(self, node: Json | None) -> None:
        """Try the unschedulable pods again that a node could take if it were empty."""
        for key in self._unschedulable:
            pod = self._store.get(_POD, *key)
            if pod is not None and (node is None or refusal_of(pod, node, []) is None):
                self._queue[key] = priority_of(pod)

    def work(self) -> bool:
        """Try one pod; return whether there was one."""
        if not self._queue:
            return False
        key = max(self._queue, key=self._queue.__getitem__)
        del self._queue[key]
        pod = self._store.get(_POD, *key)
        if pod is None or pod["spec"].get("nodeName") or "deletionTimestamp" in pod["metadata"]:
            return True
        is_gated = bool(pod["spec"].get("schedulingGates"))
        if pod["spec"]["schedulerName"] == "default-scheduler" and not is_gated:
            self._place(key, pod)
        return True

    def _place(self, key: tuple[str, str], pod: Json) -> None:
        refusals: list[Refused] = []
        for node in self._store.objects(_NODE):
            name = node["metadata"]["name"]
            refusal = refusal_of(pod, node, self._occupancy.reserved(name, pod))
            if refusal is None:
                self._unschedulable.pop(key, None)
                self._bind(pod, name)
                return
            refusals.append((node, refusal, self._occupancy.pods(name)))
        self._unschedulable.pop(key, None)
        self._unschedulable[key] = None
        self._make_room(pod, refusals)

    def _make_room(self, pod: Json, refusals: list[Refused]) -> None:
        """Say why a pod fits nowhere, and tell those of lower priority to go where that helps."""
        if not refusals:
            self._refuse(pod, "no nodes available to schedule pods")
            return
        reasons = Counter(each for _, refusal, _ in refusals for each in refusal.reasons)
        why = explained(reasons, len(refusals))
        choice, why_nobody = best_candidate(pod, refusals)
        if choice is None:
            self._refuse(pod, f"{why} no new claims to deallocate, preemption: {why_nobody}")
            return
        self._refuse(pod, why, nominated=choice.node)
        for victim in choice.victims:
            if "deletionTimestamp" not in victim["metadata"]:
                self._preempt(victim, pod, choice.node)

    def _preempt(self, victim: Json, pod: Json, node: str) -> None:
        metadata = victim["metadata"]
        place = (_POD, metadata["namespace"], metadata["name"])
        text = "default-scheduler: preempting to accommodate a higher priority pod"
        status = disrupted(victim, "PreemptionByScheduler", text, self._api.clock.now_s)
        told = self._api.update(*place, victim | {"status": status}, subresource="status")
        self._api.delete(*place, DeleteOptions())
        by = f"Preempted by pod {pod['metadata']['uid']} on node {node}"
        self._recorder.record(
            told,
            kind="Normal",
            reason="Preempted",
            action="Preempting",
            message=by,
            related=pod,
        )

    def _bind(self, pod: Json, node: str) -> None:
        bound = {"type": "PodScheduled", "status": "True", "lastProbeTime": None}
        spec, status = pod["spec"] | {"nodeName": node}, self._conditioned(pod, bound)
        status.pop("nominatedNodeName", None)
        self._store.write(_POD, pod | {"spec": spec, "status": status})
        name = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
        text = f"Successfully assigned {name} to {node}"
        self._recorder.record(
            pod, kind="Normal", reason="Scheduled", action="Binding", message=text
        )

    def _refuse(self, pod: Json, why: str, *, nominated: str = "") -> None:
        refused = {
            "type": "PodScheduled",
            "status": "False",
            "lastProbeTime": None,
            "reason": "Unschedulable",
            "message": why,
            "observedGeneration": pod["metadata"].get("generation", 1),
        }
        status = self._conditioned(pod, refused)
        if nominated:
            status["nominatedNodeName"] = nominated
        self._recorder.record(
            pod, kind="Warning", reason="FailedScheduling", action="Scheduling", message=why
        )
        if status != pod["status"]:
            self._store.write(_POD, pod | {"status": status})

    def _conditioned(self, pod: Json, condition: Json) -> Json:
        conditions: list[Json] = pod["status"].get("conditions", [])
        old = next((each for each in conditions if each["type"] == condition["type"]), {})
        since = time_text(self._api.clock.now_s)
        if old.get("status") == condition["status"]:
            since = old["lastTransitionTime"]
        others = [each for each in conditions if each["type"] != condition["type"]]
        changed = [*others, condition | {"lastTransitionTime": since}]
        status: Json = pod["status"]
        return status | {"conditions": changed}


def _has_lost_gates(change: Change) -> bool:
    """Say whether a pod without a node is new, or was held back by gates until now."""
    before = change.previous
    held = before is not None and bool(before["spec"].get("schedulingGates"))
    return before is None or (held and not change.object["spec"].get("schedulingGates"))


def _key(pod: Json) -> tuple[str, str]:
    return pod["metadata"]["namespace"], pod["metadata"]["name"]
