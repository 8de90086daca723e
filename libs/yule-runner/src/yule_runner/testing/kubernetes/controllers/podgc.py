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
_PERIOD_S = 20.0
_ENDED = ("Failed", "Succeeded")


class PodGarbageCollector:
    """Waits a while after a node was deleted: it may come back under its name.

    Pods that were deleted before they had a node are looked for every 20 s: nobody else would
    confirm their end.
    """

    def __init__(self, operations: Operations) -> None:
        self._api, self._queue = operations, WorkQueue(operations.clock)
        self._unscheduled = WorkQueue(operations.clock)

    def observe(self, change: Change) -> None:
        """Take note of a change."""
        metadata = change.object["metadata"]
        if change.resource is _NODE and change.type == "DELETED":
            self._queue.add(metadata["name"], _QUARANTINE_S)
        elif change.resource is _POD and change.type != "DELETED" and _is_stranded(change.object):
            key = f"{metadata['namespace']}/{metadata['name']}"
            self._unscheduled.add(key, _PERIOD_S - self._api.clock.now_s % _PERIOD_S)

    def work(self) -> bool:
        """Look at one pod, or at those of one node that is gone; return whether there was one."""
        key = self._unscheduled.take()
        if key is not None:
            pod = self._api.store.get(_POD, *key.split("/"))
            if pod is not None and _is_stranded(pod):
                self._collect(pod)
            return True
        name = self._queue.take()
        if name is None:
            return False
        if self._api.store.get(_NODE, "", name) is None:
            for pod in self._api.store.objects(_POD):
                if pod["spec"].get("nodeName") == name:
                    self._collect(pod, "PodGC: node no longer exists")
        return True

    def _collect(self, pod: Json, disruption: str = "") -> None:
        metadata = pod["metadata"]
        place = (_POD, metadata["namespace"], metadata["name"])
        try:
            if pod["status"].get("phase") not in _ENDED:
                status = pod["status"]
                if disruption:
                    now_s = self._api.clock.now_s
                    status = disrupted(pod, "DeletionByPodGC", disruption, now_s)
                body = pod | {"status": status | {"phase": "Failed"}}
                self._api.update(*place, body, subresource="status")
            self._api.delete(*place, DeleteOptions(grace_period_s=0, uid=metadata["uid"]))
        except ApiError as error:
            if error.code not in (404, 409):
                raise


def _is_stranded(pod: Json) -> bool:
    return "deletionTimestamp" in pod["metadata"] and not pod["spec"].get("nodeName")
