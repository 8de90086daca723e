"""What the Job controller asks about a pod."""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.clock import parse_time

__all__ = [
    "COMPLETION_INDEX",
    "FAILURE_COUNT",
    "IGNORED_COUNT",
    "TRACKING",
    "absolute_failures",
    "completion_index",
    "controller_of",
    "finished_s",
    "is_active",
    "is_failed",
    "is_ready",
    "is_terminating",
    "is_tracked",
    "phase",
    "read_count",
    "removal_rank",
]

Json = dict[str, Any]

TRACKING = "batch.kubernetes.io/job-tracking"
COMPLETION_INDEX = "batch.kubernetes.io/job-completion-index"
FAILURE_COUNT = "batch.kubernetes.io/job-index-failure-count"
IGNORED_COUNT = "batch.kubernetes.io/job-index-ignored-failure-count"
_ENDED = ("Failed", "Succeeded")
_PHASES = {"Pending": 0, "Unknown": 1, "Running": 2}
_LARGEST_COUNT = 2**31 - 1


def phase(pod: Json) -> str:
    """Return `status.phase`."""
    return str(pod.get("status", {}).get("phase", ""))


def is_tracked(pod: Json) -> bool:
    """Say whether the pod is not yet accounted for: it has the tracking finalizer."""
    return TRACKING in pod["metadata"].get("finalizers", [])


def is_active(pod: Json) -> bool:
    """Say whether the pod neither has ended nor is being deleted."""
    return phase(pod) not in _ENDED and "deletionTimestamp" not in pod["metadata"]


def is_terminating(pod: Json) -> bool:
    """Say whether the pod is being deleted and has not ended."""
    return phase(pod) not in _ENDED and "deletionTimestamp" in pod["metadata"]


def is_failed(pod: Json, job: Json) -> bool:
    """Say whether the pod counts as failed; deleted ones do, where they are replaced early."""
    if phase(pod) == "Failed":
        return True
    if job["spec"].get("podReplacementPolicy") == "Failed":
        return False
    return "deletionTimestamp" in pod["metadata"] and phase(pod) != "Succeeded"


def is_ready(pod: Json) -> bool:
    """Say whether the condition Ready holds."""
    conditions = pod.get("status", {}).get("conditions", [])
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def completion_index(pod: Json) -> int | None:
    """Return the pod's index in an Indexed Job, or None where it has none."""
    text = (pod["metadata"].get("annotations") or {}).get(COMPLETION_INDEX, "")
    return int(text) if text.isdecimal() else None


def read_count(pod: Json, annotation: str) -> int:
    """Return a count from an annotation; 0 where there is none that can be."""
    text = (pod["metadata"].get("annotations") or {}).get(annotation, "")
    return int(text) if text.isdecimal() and int(text) <= _LARGEST_COUNT else 0


def absolute_failures(pod: Json) -> int:
    """Return how often the pod's index had failed before it, ignored failures included."""
    return read_count(pod, FAILURE_COUNT) + read_count(pod, IGNORED_COUNT)


def controller_of(pod: Json) -> Json | None:
    """Return the owner reference that says `controller`, or None."""
    references = pod["metadata"].get("ownerReferences", [])
    return next((each for each in references if each.get("controller")), None)


def finished_s(pod: Json) -> float:
    """Return when the pod ended: by containers, readiness, deletion, else creation."""
    status, metadata = pod.get("status", {}), pod["metadata"]
    ends = [
        each.get("state", {}).get("terminated", {}).get("finishedAt")
        for each in status.get("containerStatuses", [])
    ]
    if ends and all(ends):
        return max(parse_time(end) for end in ends)
    for condition in status.get("conditions", []):
        since = condition.get("lastTransitionTime")
        if (condition["type"], condition["status"]) == ("Ready", "False") and since:
            return parse_time(since)
    if deleted := metadata.get("deletionTimestamp"):
        return parse_time(deleted) - float(metadata.get("deletionGracePeriodSeconds", 0))
    return parse_time(metadata["creationTimestamp"])


def removal_rank(pod: Json) -> tuple[bool, int, bool, int, float]:
    """Order pods as they are removed when there are too many: least far first, then youngest."""
    restarts = [each.get("restartCount", 0) for each in _container_statuses(pod)]
    created_s = parse_time(pod["metadata"]["creationTimestamp"])
    placed = bool(pod["spec"].get("nodeName"))
    rank = _PHASES.get(phase(pod), 2)
    return placed, rank, is_ready(pod), -max(restarts, default=0), -created_s


def _container_statuses(pod: Json) -> list[Json]:
    statuses: list[Json] = pod.get("status", {}).get("containerStatuses", [])
    return statuses
