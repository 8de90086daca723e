"""The Job controller: which Jobs are looked at when, and whose pods are nobody's any more."""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.api.operations import Operations
from yule_runner.testing.kubernetes.clock import parse_time
from yule_runner.testing.kubernetes.controllers.queue import WorkQueue
from yule_runner.testing.kubernetes.controllers.recorder import EventRecorder
from yule_runner.testing.kubernetes.jobs import pods as of
from yule_runner.testing.kubernetes.jobs.conditions import is_finished
from yule_runner.testing.kubernetes.jobs.pod_control import PodControl
from yule_runner.testing.kubernetes.jobs.sync import JobSync
from yule_runner.testing.kubernetes.resources import BY_KIND
from yule_runner.testing.kubernetes.status import ApiError
from yule_runner.testing.kubernetes.storage.selectors import matches_label_selector
from yule_runner.testing.kubernetes.storage.store import Change

__all__ = ["JobController"]

Json = dict[str, Any]

_JOB, _POD = BY_KIND["Job"], BY_KIND["Pod"]
_BATCH_S = 1.0


class JobController:
    """Watches Jobs and pods; syncs a Job at once when its spec changes, else once a second.

    Args:
        operations: the API.
    """

    def __init__(self, operations: Operations) -> None:
        self._store, self._clock = operations.store, operations.clock
        self._queue = WorkQueue(operations.clock)
        recorder = EventRecorder(operations, "job-controller")
        self._control = PodControl(operations, recorder)
        self._sync = JobSync(operations, self._control, recorder, self._queue.add)
        self._orphans: dict[tuple[str, str], None] = {}
        self._paused_until_s = float("-inf")

    def pause_until(self, when_s: float) -> None:
        """Do nothing until then, as a controller that is busy with other Jobs."""
        self._paused_until_s = max(self._paused_until_s, when_s)
        self._clock.at(when_s, lambda: None)

    def observe(self, change: Change) -> None:
        """Take note of a change."""
        if change.resource is _JOB:
            self._observe_job(change)
        elif change.resource is _POD:
            self._observe_pod(change)

    def work(self) -> bool:
        """Sync one Job that is due, or release an orphan; return whether there was one."""
        if self._clock.now_s < self._paused_until_s:
            return False
        if self._orphans:
            self._release_orphan()
            return True
        key = self._queue.take()
        if key is None:
            return False
        try:
            self._sync(key)
        except ApiError:
            self._queue.retry(key)
        else:
            self._queue.forget(key)
        return True

    def _observe_job(self, change: Change) -> None:
        job = change.object
        before = change.previous
        is_same_spec = (
            change.type == "MODIFIED"
            and before is not None
            and before["metadata"]["generation"] == job["metadata"]["generation"]
        )
        self._queue.add(_key(job), _BATCH_S if is_same_spec else 0.0)
        if change.type == "DELETED" or is_finished(job):
            for pod in self._store.objects(_POD, job["metadata"]["namespace"]):
                owner = of.controller_of(pod)
                if owner and owner["uid"] == job["metadata"]["uid"] and of.is_tracked(pod):
                    self._orphans[_place(pod)] = None
        deadline = job["spec"].get("activeDeadlineSeconds")
        started = job.get("status", {}).get("startTime")
        if (
            before
            and deadline
            and started
            and before["spec"].get("activeDeadlineSeconds") != deadline
        ):
            left_s = parse_time(started) + deadline - self._clock.now_s
            self._queue.add(_key(job), left_s)

    def _observe_pod(self, change: Change) -> None:
        pod = change.object
        owner = of.controller_of(pod)
        job = self._controlling(pod, owner)
        if job is not None and not (is_finished(job) and "deletionTimestamp" in pod["metadata"]):
            self._queue.add(_key(job), _BATCH_S)
        elif (
            of.is_tracked(pod)
            and change.type != "DELETED"
            and (owner is None or (owner["kind"] == "Job"))
        ):
            self._orphans[_place(pod)] = None
        if owner is None and change.type != "DELETED":
            for each in self._store.objects(_JOB, pod["metadata"]["namespace"]):
                selector, labels = each["spec"]["selector"], pod["metadata"].get("labels", {})
                if matches_label_selector(selector, labels):
                    self._queue.add(_key(each), _BATCH_S)

    def _release_orphan(self) -> None:
        """Take the finalizer off a pod, if still no unfinished Job controls it."""
        place = next(iter(self._orphans))
        del self._orphans[place]
        pod = self._store.get(_POD, *place)
        if pod is not None and of.is_tracked(pod):
            job = self._controlling(pod, of.controller_of(pod))
            if job is None or is_finished(job):
                self._control.release(pod)

    def _controlling(self, pod: Json, owner: Json | None) -> Json | None:
        if owner is None or owner["kind"] != "Job":
            return None
        job = self._store.get(_JOB, pod["metadata"]["namespace"], owner["name"])
        return job if job is not None and job["metadata"]["uid"] == owner["uid"] else None


def _place(pod: Json) -> tuple[str, str]:
    return pod["metadata"]["namespace"], pod["metadata"]["name"]


def _key(job: Json) -> str:
    return f"{job['metadata']['namespace']}/{job['metadata']['name']}"
