"""Pods are accounted for exactly once: first in the status, then their finalizer goes.

After job_controller.go, trackJobStatusAndRemoveFinalizers (KEP-2307, KEP-3998).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yule_runner.testing.kubernetes.jobs import pods as of
from yule_runner.testing.kubernetes.jobs.conditions import condition, ensure, find_true
from yule_runner.testing.kubernetes.jobs.context import SyncContext
from yule_runner.testing.kubernetes.jobs.failure_policy import judge
from yule_runner.testing.kubernetes.jobs.indexes import format_indexes

__all__ = ["track"]

Json = dict[str, Any]

_MOST_UNCOUNTED = 500


def track(
    seen: SyncContext,
    now_s: float,
    *,
    is_changed: bool,
    write: Callable[[Json], Json],
    release: Callable[[Json], None],
) -> Json | None:
    """Write what has ended into the status, release the pods, then count them.

    Args:
        seen: the sync.
        now_s: the time.
        is_changed: whether the status has to be written in any case.
        write: stores the Job's status, and returns the Job as stored.
        release: takes the finalizer off a pod.

    Returns:
        The terminal condition, if the Job is now finished.
    """
    waiting = {pod["metadata"]["uid"] for pod in seen.pods if of.is_tracked(pod)}
    is_changed |= _count_released(seen.status, waiting)
    releasable, is_full = _account(seen)
    is_changed |= bool(releasable.pop("changed"))
    is_changed |= _write_indexes(seen)
    terminal = _terminal(seen, now_s)
    if terminal is not None:
        is_changed |= terminal.pop("isNew")
    if is_changed:
        seen.job = write(seen.job)
    for pod in releasable["pods"]:
        release(pod)
        waiting.discard(pod["metadata"]["uid"])
    is_changed = _count_released(seen.status, waiting)
    is_over = terminal is not None and not is_full and _finish(seen, terminal)
    if is_changed or is_over:
        seen.job = write(seen.job)
    return terminal if is_over else None


def _account(seen: SyncContext) -> tuple[Json, bool]:
    """Note the pods that have ended; return those to release, and whether the status is full."""
    uncounted = seen.status["uncountedTerminatedPods"]
    new_indexes: set[int] = set()
    pods: list[Json] = []
    changed = False
    order = seen.pods
    if seen.is_indexed:
        order = sorted(order, key=lambda pod: of.completion_index(pod) or 0)
    for pod in order:
        if not of.is_tracked(pod) or not _can_release(seen, pod):
            continue
        pods.append(pod)
        uid, index = pod["metadata"]["uid"], seen.index_of(pod) if seen.is_indexed else None
        known_failed = uid in seen.uncounted("failed")
        if of.phase(pod) == "Succeeded" and not known_failed:
            if seen.is_indexed:
                if index is not None and index not in seen.previously_succeeded:
                    new_indexes.add(index)
                    changed = True
            elif uid not in seen.uncounted("succeeded"):
                uncounted["succeeded"] = [*seen.uncounted("succeeded"), uid]
                changed = True
        elif _counts_as_failed(seen, pod) and not known_failed:
            in_range = not seen.is_indexed or index is not None
            if in_range and judge(seen.job, pod).is_counted:
                uncounted["failed"] = [*seen.uncounted("failed"), uid]
                changed = True
        noted = len(new_indexes) + len(seen.uncounted("succeeded")) + len(seen.uncounted("failed"))
        if noted >= _MOST_UNCOUNTED:
            seen.succeeded_indexes = seen.previously_succeeded | new_indexes
            return {"pods": pods, "changed": changed}, True
    seen.succeeded_indexes = seen.succeeded_indexes | new_indexes
    return {"pods": pods, "changed": changed}, False


def _can_release(seen: SyncContext, pod: Json) -> bool:
    over = "deletionTimestamp" in seen.job["metadata"] or seen.finished is not None
    if over or of.phase(pod) == "Succeeded":
        return True
    if not of.is_failed(pod, seen.job):
        return False
    held = seen.delayed.get(seen.index_of(pod) or 0) if seen.is_limited_per_index else None
    return held is None or held["metadata"]["uid"] != pod["metadata"]["uid"]


def _counts_as_failed(seen: SyncContext, pod: Json) -> bool:
    if of.is_failed(pod, seen.job):
        return True
    return seen.finished is not None and seen.finished["type"] not in (
        "SuccessCriteriaMet",
        "Complete",
    )


def _write_indexes(seen: SyncContext) -> bool:
    if not seen.is_indexed:
        return False
    before = (seen.status.get("completedIndexes", ""), seen.status.get("failedIndexes"))
    text = format_indexes(seen.succeeded_indexes)
    if text:
        seen.status["completedIndexes"] = text
    else:
        seen.status.pop("completedIndexes", None)
    if seen.succeeded_indexes or "succeeded" in seen.status:
        seen.status["succeeded"] = len(seen.succeeded_indexes)
    if seen.is_limited_per_index:
        seen.status["failedIndexes"] = format_indexes(seen.failed_indexes)
    return before != (text, seen.status.get("failedIndexes"))


def _terminal(seen: SyncContext, now_s: float) -> Json | None:
    """Note the interim condition, and return the terminal one that follows it."""
    if seen.finished is None:
        return None
    interim = seen.finished
    pairs = {"FailureTarget": "Failed", "SuccessCriteriaMet": "Complete"}
    is_new = interim["type"] in pairs and find_true(seen.status, interim["type"]) is None
    if is_new:
        seen.status.setdefault("conditions", []).append(interim)
    kind = str(pairs.get(interim["type"], interim["type"]))
    terminal = condition(kind, interim["reason"], interim["message"], now_s)
    return terminal | {"isNew": is_new}


def _finish(seen: SyncContext, terminal: Json) -> bool:
    if seen.terminating > 0 or seen.uncounted("succeeded") or seen.uncounted("failed"):
        return False
    seen.status["conditions"] = list(seen.status.get("conditions", []))
    ensure(seen.status["conditions"], terminal)
    if terminal["type"] == "Complete":
        seen.status["completionTime"] = terminal["lastTransitionTime"]
    return True


def _count_released(status: Json, waiting: set[str]) -> bool:
    """Count the noted pods whose finalizer is gone."""
    changed = False
    uncounted = status["uncountedTerminatedPods"] = dict(status["uncountedTerminatedPods"])
    for kind in ("succeeded", "failed"):
        uids = uncounted.get(kind, [])
        left = [uid for uid in uids if uid in waiting]
        if len(left) < len(uids):
            status[kind] = status.get(kind, 0) + len(uids) - len(left)
            uncounted[kind] = left
            changed = True
        if not left:
            uncounted.pop(kind, None)
    return changed
