"""Deletes finished Jobs once their time is up (pkg/controller/ttlafterfinished)."""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.api.deletion import DeleteOptions
from yule_runner.testing.kubernetes.api.operations import Operations
from yule_runner.testing.kubernetes.clock import parse_time
from yule_runner.testing.kubernetes.controllers.queue import WorkQueue
from yule_runner.testing.kubernetes.jobs.conditions import find_true
from yule_runner.testing.kubernetes.resources import BY_KIND
from yule_runner.testing.kubernetes.storage.store import Change

__all__ = ["TtlController"]

Json = dict[str, Any]

_JOB = BY_KIND["Job"]


class TtlController:
    """Deletes in the foreground, `ttlSecondsAfterFinished` after the terminal condition."""

    def __init__(self, operations: Operations) -> None:
        self._api, self._queue = operations, WorkQueue(operations.clock)

    def observe(self, change: Change) -> None:
        """Take note of a change."""
        if change.resource is _JOB and change.type != "DELETED":
            left_s = self._left_s(change.object)
            if left_s is not None:
                metadata = change.object["metadata"]
                self._queue.add(f"{metadata['namespace']}/{metadata['name']}", left_s)

    def work(self) -> bool:
        """Look at one Job that is due; return whether there was one."""
        key = self._queue.take()
        if key is None:
            return False
        namespace, name = key.split("/")
        job = self._api.store.get(_JOB, namespace, name)
        left_s = None if job is None else self._left_s(job)
        if job is None or left_s is None:
            return True
        if left_s > 0:
            self._queue.add(key, left_s)
            return True
        options = DeleteOptions(propagation="Foreground", uid=job["metadata"]["uid"])
        self._api.delete(_JOB, namespace, name, options)
        return True

    def _left_s(self, job: Json) -> float | None:
        ttl_s = job["spec"].get("ttlSecondsAfterFinished")
        status = job.get("status", {})
        ended = find_true(status, "Complete") or find_true(status, "Failed")
        if ttl_s is None or ended is None or "deletionTimestamp" in job["metadata"]:
            return None
        return parse_time(ended["lastTransitionTime"]) + float(ttl_s) - self._api.clock.now_s
