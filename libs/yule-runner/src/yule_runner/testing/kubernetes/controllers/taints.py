"""Evicts pods from nodes with a taint that they do not tolerate, or no longer.

After pkg/controller/tainteviction.
"""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.api.deletion import DeleteOptions
from yule_runner.testing.kubernetes.api.operations import Operations
from yule_runner.testing.kubernetes.clock import time_text
from yule_runner.testing.kubernetes.controllers.queue import WorkQueue
from yule_runner.testing.kubernetes.controllers.recorder import EventRecorder
from yule_runner.testing.kubernetes.resources import BY_KIND
from yule_runner.testing.kubernetes.status import ApiError
from yule_runner.testing.kubernetes.storage.store import Change

__all__ = ["TaintEviction", "disrupted"]

Json = dict[str, Any]

_NODE, _POD = BY_KIND["Node"], BY_KIND["Pod"]
_ENDED = ("Failed", "Succeeded")


class TaintEviction:
    """Deletes pods `tolerationSeconds` after their node was tainted NoExecute."""

    def __init__(self, operations: Operations) -> None:
        self._api, self._queue = operations, WorkQueue(operations.clock)
        self._recorder = EventRecorder(operations, "taint-eviction-controller")
        self._tainted_s: dict[str, float] = {}

    def observe(self, change: Change) -> None:
        """Take note of a change."""
        if change.resource is _NODE:
            name = change.object["metadata"]["name"]
            if change.type == "DELETED" or not _no_execute(change.object):
                self._tainted_s.pop(name, None)
                return
            self._tainted_s.setdefault(name, self._api.clock.now_s)
            for pod in self._api.store.objects(_POD):
                if pod["spec"].get("nodeName") == name:
                    self._queue.add(_key(pod))
        elif change.resource is _POD and change.object["spec"].get("nodeName") in self._tainted_s:
            self._queue.add(_key(change.object))

    def work(self) -> bool:
        """Look at one pod; return whether there was one."""
        key = self._queue.take()
        if key is None:
            return False
        pod = self._api.store.get(_POD, *key.split("/"))
        if pod is None or "deletionTimestamp" in pod["metadata"] or _phase(pod) in _ENDED:
            return True
        node = self._api.store.get(_NODE, "", pod["spec"].get("nodeName", ""))
        taints = [] if node is None else _no_execute(node)
        if node is None or not taints:
            return True
        stays_s = min(_tolerated_s(pod, taint) for taint in taints)
        left_s = self._tainted_s[node["metadata"]["name"]] + stays_s - self._api.clock.now_s
        if left_s > 0:
            if left_s != float("inf"):
                self._queue.add(key, left_s)
            return True
        self._evict(pod)
        return True

    def _evict(self, pod: Json) -> None:
        metadata = pod["metadata"]
        place = (_POD, metadata["namespace"], metadata["name"])
        text = "Taint manager: deleting due to NoExecute taint"
        status = disrupted(pod, "DeletionByTaintManager", text, self._api.clock.now_s)
        why = f"Marking for deletion Pod {metadata['namespace']}/{metadata['name']}"
        self._recorder.record(pod, "Normal", "TaintManagerEviction", why)
        try:
            self._api.update(*place, pod | {"status": status}, subresource="status")
            self._api.delete(*place, DeleteOptions(uid=metadata["uid"]))
        except ApiError as error:
            if error.code not in (404, 409):
                raise


def disrupted(pod: Json, reason: str, message: str, now_s: float) -> Json:
    """Return a pod's status with the condition DisruptionTarget."""
    status: Json = pod.get("status", {})
    condition = {
        "type": "DisruptionTarget",
        "observedGeneration": pod["metadata"].get("generation", 1),
        "lastProbeTime": None,
        "status": "True",
        "reason": reason,
        "message": message,
        "lastTransitionTime": time_text(now_s),
    }
    others = [each for each in status.get("conditions", []) if each["type"] != condition["type"]]
    return status | {"conditions": [*others, condition]}


def _tolerated_s(pod: Json, taint: Json) -> float:
    """Return how long a pod puts up with a taint; 0 where it does not at all."""
    times = [
        float(each.get("tolerationSeconds", "inf"))
        for each in pod["spec"].get("tolerations", [])
        if each.get("effect", "NoExecute") in ("NoExecute", "")
        and each.get("key", taint["key"]) == taint["key"]
        and (each.get("operator") == "Exists" or each.get("value", "") == taint.get("value", ""))
    ]
    return min(times, default=0.0)


def _no_execute(node: Json) -> list[Json]:
    return [each for each in node["spec"].get("taints") or [] if each["effect"] == "NoExecute"]


def _phase(pod: Json) -> str:
    return str(pod.get("status", {}).get("phase", ""))


def _key(pod: Json) -> str:
    return f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
