"""Binds pods to nodes with room for them, and says why it cannot."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from yule_runner.testing.kubernetes.api.operations import Operations
from yule_runner.testing.kubernetes.clock import micro_text, time_text
from yule_runner.testing.kubernetes.controllers.placement import node_refusal, requested
from yule_runner.testing.kubernetes.controllers.recorder import reference
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
        refusals: Counter[str] = Counter()
        nodes = self._store.objects(_NODE)
        for node in nodes:
            why = node_refusal(pod, node, list(self._on(node)))
            if why is None:
                self._unschedulable.discard(key)
                self._bind(pod, node["metadata"]["name"])
                return
            refusals[why] += 1
        self._unschedulable.add(key)
        self._refuse(pod, _explained(refusals, len(nodes)))

    def _on(self, node: Json) -> Iterator[Json]:
        for pod in self._store.objects(_POD):
            here = pod["spec"].get("nodeName") == node["metadata"]["name"]
            if here and pod["status"].get("phase") not in _ENDED:
                yield requested(pod)

    def _bind(self, pod: Json, node: str) -> None:
        bound = {"type": "PodScheduled", "status": "True", "lastProbeTime": None}
        spec = pod["spec"] | {"nodeName": node}
        placed = pod | {"spec": spec, "status": self._conditioned(pod, bound)}
        self._store.write(_POD, placed)
        name = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
        text = f"Successfully assigned {name} to {node}"
        self._event(pod, "Normal", "Scheduled", "Binding", text)

    def _refuse(self, pod: Json, why: str) -> None:
        refused = {
            "type": "PodScheduled",
            "status": "False",
            "lastProbeTime": None,
            "reason": "Unschedulable",
            "message": why,
            "observedGeneration": pod["metadata"].get("generation", 1),
        }
        status = self._conditioned(pod, refused)
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

    def _event(self, pod: Json, kind: str, reason: str, action: str, text: str) -> None:
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
        }
        self._api.create(_EVENT, metadata["namespace"], body)


def _explained(refusals: Counter[str], nodes: int) -> str:
    if not nodes:
        return "no nodes available to schedule pods"
    reasons = ", ".join(f"{count} {why}" for why, count in sorted(refusals.items()))
    starved = sum(count for why, count in refusals.items() if re.match("(Insuff|Too many)", why))
    helpless = nodes - starved
    parts = []
    if starved:
        parts.append(f"{starved} No preemption victims found for incoming pod")
    if helpless:
        parts.append(f"{helpless} Preemption is not helpful for scheduling")
    return (
        f"0/{nodes} nodes are available: {reasons}. no new claims to deallocate, preemption: "
        f"0/{nodes} nodes are available: {', '.join(parts)}."
    )


def _key(pod: Json) -> tuple[str, str]:
    return pod["metadata"]["namespace"], pod["metadata"]["name"]
