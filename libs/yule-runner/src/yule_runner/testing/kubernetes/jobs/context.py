"""What one sync of a Job sees, and what it decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from yule_runner.testing.kubernetes.jobs import pods as of
from yule_runner.testing.kubernetes.jobs.backoff import BackoffRecord
from yule_runner.testing.kubernetes.jobs.failure_policy import judge
from yule_runner.testing.kubernetes.jobs.indexes import parse_indexes

__all__ = ["SyncContext", "read_context"]

Json = dict[str, Any]


@dataclass(kw_only=True)
class SyncContext:
    """One sync: the Job with the status that it will get, its pods, and the counts.

    Attributes:
        job: a copy, whose status the sync changes.
        pods: those that the Job controls.
        active: those neither ended nor being deleted.
        succeeded: successes, counted ones included; indexes, where the Job is indexed.
        failed: failures that count, counted ones included.
        finished: the condition that ends the Job, interim or terminal; None while it goes on.
        delayed: by index, the failed pod whose replacement is still to be created.
    """

    job: Json
    pods: list[Json]
    active: list[Json]
    ready: int
    terminating: int
    backoff: BackoffRecord = field(default_factory=BackoffRecord)
    succeeded: int = 0
    failed: int = 0
    previously_succeeded: set[int] = field(default_factory=set)
    succeeded_indexes: set[int] = field(default_factory=set)
    failed_indexes: set[int] = field(default_factory=set)
    delayed: dict[int, Json] = field(default_factory=dict)
    finished: Json | None = None

    @property
    def spec(self) -> Json:
        """The Job's spec."""
        spec: Json = self.job["spec"]
        return spec

    @property
    def status(self) -> Json:
        """The Job's status, as it will be written."""
        status: Json = self.job["status"]
        return status

    @property
    def is_indexed(self) -> bool:
        """Whether each pod has a completion index."""
        return bool(self.spec["completionMode"] == "Indexed")

    @property
    def is_limited_per_index(self) -> bool:
        """Whether failures are counted for each index by itself."""
        return self.is_indexed and self.spec.get("backoffLimitPerIndex") is not None

    @property
    def replaces_failed_only(self) -> bool:
        """Whether a pod is replaced only once it has ended."""
        return bool(self.spec.get("podReplacementPolicy") == "Failed")

    @property
    def is_suspended(self) -> bool:
        """Whether the Job is to have no pods."""
        return bool(self.spec.get("suspend"))

    def uncounted(self, kind: str) -> list[str]:
        """Return the uids in `status.uncountedTerminatedPods`."""
        uids: list[str] = self.status["uncountedTerminatedPods"].get(kind, [])
        return uids

    def valid(self, matches: Callable[[Json], bool], uncounted: str = "") -> list[Json]:
        """Return the pods that match, are not yet accounted for, and have an index in range."""
        known = set(self.uncounted(uncounted)) if uncounted else set()
        return [
            pod
            for pod in self.pods
            if of.is_tracked(pod)
            and pod["metadata"]["uid"] not in known
            and (not self.is_indexed or self.index_of(pod) is not None)
            and matches(pod)
        ]

    def index_of(self, pod: Json) -> int | None:
        """Return the pod's index, or None where it is out of range."""
        index = of.completion_index(pod)
        return index if index is not None and index < self.spec["completions"] else None

    def fails_index(self, pod: Json) -> bool:
        """Say whether this pod was the last chance of its index."""
        if not of.is_failed(pod, self.job):
            return False
        verdict = judge(self.job, pod)
        if verdict.action == "FailIndex":
            return True
        limit = self.spec["backoffLimitPerIndex"]
        return verdict.is_counted and of.read_count(pod, of.FAILURE_COUNT) >= limit


def read_context(job: Json, pods: list[Json]) -> SyncContext:
    """Look at a Job and its pods; count what has ended."""
    status = job["status"]
    status["uncountedTerminatedPods"] = dict(status.get("uncountedTerminatedPods") or {})
    status["conditions"] = [dict(each) for each in status.get("conditions", [])]
    active = [pod for pod in pods if of.is_active(pod)]
    seen = SyncContext(
        job=job,
        pods=pods,
        active=active,
        ready=sum(map(of.is_ready, active)),
        terminating=sum(map(of.is_terminating, pods)),
    )
    new = seen.valid(lambda pod: of.phase(pod) == "Succeeded", "succeeded")
    failed = seen.valid(lambda pod: of.is_failed(pod, job), "failed")
    seen.succeeded = status.get("succeeded", 0) + len(new) + len(seen.uncounted("succeeded"))
    counted = sum(judge(job, pod).is_counted for pod in failed)
    seen.failed = status.get("failed", 0) + counted + len(seen.uncounted("failed"))
    if seen.is_indexed:
        completions = seen.spec["completions"]
        seen.previously_succeeded = parse_indexes(status.get("completedIndexes", ""), completions)
        ended = {index for pod in new if (index := seen.index_of(pod)) is not None}
        seen.succeeded_indexes = seen.previously_succeeded | ended
        seen.succeeded = len(seen.succeeded_indexes)
    if seen.is_limited_per_index:
        seen.failed_indexes = parse_indexes(status.get("failedIndexes", ""), completions) | {
            index
            for pod in seen.valid(seen.fails_index)
            if (index := seen.index_of(pod)) is not None
        }
        seen.delayed = _delayed(seen)
    return seen


def _delayed(seen: SyncContext) -> dict[int, Json]:
    settled = (
        seen.succeeded_indexes
        | seen.failed_indexes
        | {index for pod in seen.active if (index := of.completion_index(pod)) is not None}
    )
    last: dict[int, Json] = {}
    for pod in seen.valid(lambda pod: of.is_failed(pod, seen.job)):
        index = seen.index_of(pod)
        if index is None or index in settled:
            continue
        other = last.get(index)
        if other is None or (
            of.absolute_failures(other) <= of.absolute_failures(pod)
            and of.finished_s(pod) >= of.finished_s(other)
        ):
            last[index] = pod
    return last
