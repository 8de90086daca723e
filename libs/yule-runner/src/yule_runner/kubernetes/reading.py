"""What Jobs and pods say, read from their objects: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = [
    "INDEX",
    "JOB_UID",
    "PodEnd",
    "by_job",
    "failures_of",
    "has_just_ended",
    "indexes",
    "is_at_work",
    "is_deleted",
    "is_driver",
    "is_ended",
    "is_unplaced",
    "last_pods",
    "no_scale_up",
    "pod_end",
    "pod_index",
    "preemptions_of",
    "terminal_condition",
]

Json = dict[str, Any]

INDEX = "batch.kubernetes.io/job-completion-index"
JOB_UID = "batch.kubernetes.io/controller-uid"
_FAILURES = "batch.kubernetes.io/job-index-failure-count"
_IGNORED = "batch.kubernetes.io/job-index-ignored-failure-count"
_TERMINAL = ("Complete", "Failed")
_NO_SCALE_UP = "NotTriggerScaleUp"


@dataclass(frozen=True, kw_only=True)
class PodEnd:
    """How a pod ended.

    Attributes:
        exit_code: of its container; None where nobody knows.
        reason: `OOMKilled`, `Error`, `Evicted` and the like.
        message: more about that; its last words, where it left some.
        is_disruption: whether it ended through no fault of its own.
    """

    exit_code: int | None
    reason: str
    message: str
    is_disruption: bool


def terminal_condition(job: Json) -> Json | None:
    """Return the condition that ended a Job; None while it goes on.

    `FailureTarget` and `SuccessCriteriaMet` are on the way there: pods may still run.
    """
    conditions = job.get("status", {}).get("conditions") or []
    return next(
        (each for each in conditions if each["type"] in _TERMINAL and each["status"] == "True"),
        None,
    )


def is_driver(job: Json) -> bool:
    """Say whether a Job is that of a driver."""
    labels = job["metadata"].get("labels") or {}
    return bool(labels.get("app.kubernetes.io/component") == "driver")


def is_deleted(body: Json) -> bool:
    """Say whether somebody has deleted the object, even if it is still there."""
    return "deletionTimestamp" in body["metadata"]


def indexes(text: str | None) -> set[int]:
    """Read completion indexes.

    >>> sorted(indexes("1,3-5,7"))
    [1, 3, 4, 5, 7]
    """
    found: set[int] = set()
    for part in filter(None, (text or "").split(",")):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found


def pod_index(pod: Json) -> int | None:
    """Return a pod's completion index."""
    return _count(pod, INDEX)


def failures_of(pod: Json) -> int:
    """Return how often the pod's index had failed before it, preemptions aside."""
    return _count(pod, _FAILURES) or 0


def preemptions_of(pod: Json) -> int:
    """Return how often the pod's index had been preempted before it."""
    return _count(pod, _IGNORED) or 0


def is_ended(pod: Json) -> bool:
    """Say whether nothing of the pod runs any more."""
    return pod.get("status", {}).get("phase") in ("Succeeded", "Failed")


def has_just_ended(before: Json | None, after: Json | None) -> bool:
    """Say whether by a change of an object nothing of it runs any more, as far as it tells.

    Args:
        before: the object as it was; None where it was not there.
        after: the object as it is; None where it is gone.
    """
    if before is not None and is_ended(before):
        return False
    return after is None or is_ended(after)


def is_at_work(pod: Json) -> bool:
    """Say whether a pod runs, and nobody has told it to end."""
    return pod.get("status", {}).get("phase") == "Running" and not is_deleted(pod)


def is_unplaced(pod: Json) -> bool:
    """Say whether the scheduler has found no node for a pod."""
    return any(
        each["type"] == "PodScheduled"
        and each["status"] == "False"
        and each.get("reason") == "Unschedulable"
        for each in pod.get("status", {}).get("conditions") or []
    )


def no_scale_up(events: Iterable[Json]) -> str:
    """Return why no node is added for a pod, by the last event of the autoscaler about it."""
    said = [str(each.get("message", "")) for each in events if each.get("reason") == _NO_SCALE_UP]
    return said[-1] if said else ""


def by_job(pods: Iterable[Json]) -> dict[str, list[Json]]:
    """Sort pods by the uid of their Job: an earlier Job of its name may have left some."""
    found: dict[str, list[Json]] = {}
    for pod in pods:
        labels = pod["metadata"].get("labels") or {}
        found.setdefault(labels.get(JOB_UID, ""), []).append(pod)
    return found


def last_pods(pods: Iterable[Json]) -> Mapping[int, Json]:
    """Return the youngest pod of each index; those of a Job without indexes are of index 0."""
    return {pod_index(pod) or 0: pod for pod in sorted(pods, key=_age_rank)}


def pod_end(pod: Json) -> PodEnd:
    """Return how an ended pod ended, init containers first."""
    status = pod.get("status", {})
    conditions = status.get("conditions") or []
    is_disruption = any(
        each["type"] == "DisruptionTarget" and each["status"] == "True" for each in conditions
    )
    statuses = [
        *(status.get("initContainerStatuses") or []),
        *(status.get("containerStatuses") or []),
    ]
    ends = [each.get("state", {}).get("terminated") for each in statuses]
    bad = next((end for end in ends if end and end["exitCode"]), None)
    last = bad or next((end for end in reversed(ends) if end), None) or {}
    return PodEnd(
        exit_code=last.get("exitCode"),
        reason=status.get("reason") or last.get("reason", ""),
        message=status.get("message") or last.get("message", ""),
        is_disruption=is_disruption,
    )


def _age_rank(pod: Json) -> tuple[int, str, int]:
    # Two pods of an index may be made within a second; the later one has seen more failures.
    seen = failures_of(pod) + preemptions_of(pod)
    return seen, pod["metadata"]["creationTimestamp"], int(pod["metadata"]["resourceVersion"])


def _count(pod: Json, annotation: str) -> int | None:
    text = (pod["metadata"].get("annotations") or {}).get(annotation, "")
    return int(text) if text.isdecimal() else None
