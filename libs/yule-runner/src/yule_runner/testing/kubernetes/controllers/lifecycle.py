"""Taints nodes that are not ready, and says so of their pods (pkg/controller/nodelifecycle)."""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.api.operations import Operations
from yule_runner.testing.kubernetes.clock import time_text
from yule_runner.testing.kubernetes.controllers.queue import WorkQueue
from yule_runner.testing.kubernetes.controllers.recorder import EventRecorder
from yule_runner.testing.kubernetes.resources import BY_KIND
from yule_runner.testing.kubernetes.storage.store import Change

__all__ = ["NodeLifecycle"]

Json = dict[str, Any]

_NODE, _POD = BY_KIND["Node"], BY_KIND["Pod"]
_TAINTS = {"False": "node.kubernetes.io/not-ready", "Unknown": "node.kubernetes.io/unreachable"}
_EFFECTS = ("NoSchedule", "NoExecute")


class NodeLifecycle:
    """Keeps taints in step with each node's condition Ready; a node without one counts as ready."""

    def __init__(self, operations: Operations) -> None:
        self._api, self._queue = operations, WorkQueue(operations.clock)
        self._recorder = EventRecorder(operations, "node-controller")

    def observe(self, change: Change) -> None:
        """Take note of a change."""
        if change.resource is _NODE and change.type != "DELETED":
            self._queue.add(change.object["metadata"]["name"])

    def work(self) -> bool:
        """Look at one node; return whether there was one."""
        name = self._queue.take()
        if name is None:
            return False
        node = self._api.store.get(_NODE, "", name)
        if node is None:
            return True
        ready = _condition(node, "Ready")
        wanted = _TAINTS.get(ready["status"]) if ready else None
        taints: list[Json] = node["spec"].get("taints") or []
        if {each["key"] for each in taints if each["key"] in _TAINTS.values()} == {wanted} - {None}:
            return True
        others = [each for each in taints if each["key"] not in _TAINTS.values()]
        now = time_text(self._api.clock.now_s)
        added = [{"key": wanted, "effect": effect, "timeAdded": now} for effect in _EFFECTS]
        spec = node["spec"] | {"taints": [*others, *(added if wanted else [])]}
        self._api.update(_NODE, "", name, node | {"spec": spec})
        if wanted:
            told = f"Node {name} status is now: NodeNotReady"
            self._recorder.record(node, "Normal", "NodeNotReady", told)
            self._unready_pods(name)
        return True

    def _unready_pods(self, node: str) -> None:
        for pod in self._api.store.objects(_POD):
            ready = _condition(pod, "Ready")
            if pod["spec"].get("nodeName") != node or not ready or ready["status"] != "True":
                continue
            now = time_text(self._api.clock.now_s)
            conditions = [
                each | {"status": "False", "lastTransitionTime": now} if each is ready else each
                for each in pod["status"]["conditions"]
            ]
            body = pod | {"status": pod["status"] | {"conditions": conditions}}
            place = (_POD, pod["metadata"]["namespace"], pod["metadata"]["name"])
            self._api.update(*place, body, subresource="status")
            self._recorder.record(pod, "Warning", "NodeNotReady", "Node is not ready")


def _condition(body: Json, kind: str) -> Json | None:
    conditions: list[Json] = body.get("status", {}).get("conditions") or []
    return next((each for each in conditions if each["type"] == kind), None)
