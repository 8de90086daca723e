"""Fails and deletes pods whose node is gone (pkg/controller/podgc)."""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.api.deletion import DeleteOptions
from yule_runner.testing.kubernetes.api.operations import Operations
from yule_runner.testing.kubernetes.controllers.queue import WorkQueue
from yule_runner.testing.kubernetes.controllers.taints import disrupted
from yule_runner.testing.kubernetes.resources import BY_KIND
from yule_runner.testing.kubernetes.status import ApiError
from yule_runner.testing.kubernetes.storage.store import Change

__all__ = ["PodGarbageCollector"]

Json = dict[str, Any]

_NODE, _POD = BY_KIND["Node"], BY_KIND["Pod"]
_QUARANTINE_S = 40.0
_ENDED = ("Failed", "Succeeded")


class PodGarbageCollector:
    """Waits a while after a node was deleted: it may come back under its name."""

    def __init__(self, operations: Operations) -> None:
        self._api, self._queue = operations, WorkQueue(operations.clock)

    def observe(self, change: Change) -> None:
        """Take note of a change."""
        if change.resource is _NODE and change.type == "DELETED":
            self._queue.add(change.object["metadata"]["name"], _QUARANTINE_S)

    def work(self) -> bool:
        """Look at the pods of one node that is gone; return whether there was one."""
        name = self._queue.take()
        if name is None:
            return False
        if self._api.store.get(_NODE, "", name) is None:
            for pod in self._api.store.objects(_POD):
                if pod["spec"].get("nodeName") == name:
                    self._collect(pod)
        return True

    def _collect(self, pod: Json) -> None:
        metadata = pod["metadata"]
        place = (_POD, metadata["namespace"], metadata["name"])
        try:
            if pod["status"].get("phase") not in _ENDED:
                text = "PodGC: node no longer exists"
                status = disrupted(
                    pod["status"], "DeletionByPodGC", text, self._api.clock.now_s
                ) | {"phase": "Failed"}
                self._api.update(*place, pod | {"status": status}, subresource="status")
            self._api.delete(*place, DeleteOptions(grace_period_s=0, uid=metadata["uid"]))
        except ApiError as error:
            if error.code not in (404, 409):
                raise
