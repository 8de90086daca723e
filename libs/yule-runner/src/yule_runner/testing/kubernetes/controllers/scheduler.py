"""Binds pods to nodes with room for them; else says why it cannot, and has others go."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from yule_runner.testing.kubernetes.api.deletion import DeleteOptions
from yule_runner.testing.kubernetes.api.operations import Operations
from yule_runner.testing.kubernetes.clock import micro_text, time_text
from yule_runner.testing.kubernetes.controllers.placement import refusal_of, requested
from yule_runner.testing.kubernetes.controllers.preemption import Refused, best_candidate, explained
from yule_runner.testing.kubernetes.controllers.recorder import reference
from yule_runner.testing.kubernetes.controllers.taints import disrupted
from yule_runner.testing.kubernetes.resources import BY_KIND
from yule_runner.testing.kubernetes.storage.store import Change

__all__ = ["Scheduler"]

Json = dict[str, Any]

_POD, _NODE, _EVENT = BY_KIND["Pod"], BY_KIND["Node"], BY_KIND["Event"]
_ENDED = ("Failed", "Succeeded")


class Scheduler:
    """Tries each new pod at once, and the unschedulable ones whenever nodes or pods change."""

    def __init__(self, operations: Operations) -> None:
        self._api, self._store = operations, operations.store
        self._queue: dict[tuple[str, str], None] = {}
        self._unschedulable: set[tuple[str, str]] = set()
        self._random = random.Random("scheduler")  # noqa: S311 - names, not secrets

    def observe(self, change: Change) -> None:
        """Take note of a change."""
        if change.resource is _NODE:
            self._queue.update(dict.fromkeys(sorted(self._unschedulable)))
        elif change.resource is _POD:
            pod, key = change.object, _key(change.object)
            if change.type == "DELETED" or pod["status"].get("phase") in _ENDED:
                self._unschedulable.discard(key)
                self._queue.update(dict.fromkeys(sorted(self._unschedulable)))
            elif not pod["spec"].get("nodeName") and change.type == "ADDED":
                self._queue[key] = None

    def work(self) -> bool:
        """Try one pod; return whether there was one."""
        if not self._queue:
            return False
        key = next(iter(self._queue))
        del self._queue[key]
        pod = self._store.get(_POD, *key)
        if pod is None or pod["spec"].get("nodeName") or "deletionTimestamp" in pod["metadata"]:
            return True
        if pod["spec"]["schedulerName"] == "default-scheduler":
            self._place(key, pod)
        return True

    def _place(self, key: tuple[str, str], pod: Json) -> None:
        refusals: list[Refused] = []
        for node in self._store.objects(_NODE):
            running = self._on(node)
            room = [requested(each) for each in [*running, *self._nominated(node, pod)]]
            refusal = refusal_of(pod, node, room)
            if refusal is None:
                self._unschedulable.discard(key)
                self._bind(pod, node["metadata"]["name"])
                return
            refusals.append((node, refusal, running))
        self._unschedulable.add(key)
        self._make_room(pod, refusals)

    def _on(self, node: Json) -> list[Json]:
        name = node["metadata"]["name"]
        return [
            pod
            for pod in self._store.objects(_POD)
            if pod["spec"].get("nodeName") == name and pod["status"].get("phase") not in _ENDED
        ]

    def _nominated(self, node: Json, pod: Json) -> list[Json]:
        """Return the pods for which others were told to go from a node, if this one must yield."""
        name, priority = node["metadata"]["name"], pod["spec"].get("priority") or 0
        return [
            each
            for each in self._store.objects(_POD)
            if each["status"].get("nominatedNodeName") == name
            and not each["spec"].get("nodeName")
            and each["metadata"]["uid"] != pod["metadata"]["uid"]
            and (each["spec"].get("priority") or 0) >= priority
        ]

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
        self._event(told, "Normal", "Preempted", "Preempting", by, related=reference(pod))

    def _bind(self, pod: Json, node: str) -> None:
        bound = {"type": "PodScheduled", "status": "True", "lastProbeTime": None}
        spec, status = pod["spec"] | {"nodeName": node}, self._conditioned(pod, bound)
        status.pop("nominatedNodeName", None)
        self._store.write(_POD, pod | {"spec": spec, "status": status})
        name = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
        text = f"Successfully assigned {name} to {node}"
        self._event(pod, "Normal", "Scheduled", "Binding", text)

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
        self._event(pod, "Warning", "FailedScheduling", "Scheduling", why)
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

    def _event(
        self,
        pod: Json,
        kind: str,
        reason: str,
        action: str,
        text: str,
        *,
        related: Json | None = None,
    ) -> None:
        metadata = pod["metadata"]
        body = {
            "metadata": {
                "name": f"{metadata['name']}.{self._random.getrandbits(64):016x}",
                "namespace": metadata["namespace"],
            },
            "involvedObject": reference(pod),
            "type": kind,
            "reason": reason,
            "action": action,
            "message": text,
            "eventTime": micro_text(self._api.clock.now_s),
            "firstTimestamp": None,
            "lastTimestamp": None,
            "reportingComponent": "default-scheduler",
            "reportingInstance": "default-scheduler-simulated",
            "source": {},
        } | ({"related": related} if related else {})
        self._api.create(_EVENT, metadata["namespace"], body)


def _key(pod: Json) -> tuple[str, str]:
    return pod["metadata"]["namespace"], pod["metadata"]["name"]
