"""Whether a Job is to end, and why (the first half of syncJob)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yule_runner.testing.kubernetes.clock import parse_time
from yule_runner.testing.kubernetes.jobs import pods as of
from yule_runner.testing.kubernetes.jobs.conditions import condition, find_true
from yule_runner.testing.kubernetes.jobs.context import SyncContext
from yule_runner.testing.kubernetes.jobs.failure_policy import judge
from yule_runner.testing.kubernetes.jobs.indexes import parse_indexes

__all__ = ["decide"]

Json = dict[str, Any]


def decide(seen: SyncContext, now_s: float, sync_after: Callable[[float], None]) -> None:
    """Set `seen.finished`, where success criteria, policy, limits or deadlines say so.

    Args:
        seen: the sync.
        now_s: the time.
        sync_after: called with the seconds left, where there is a deadline.
    """
    seen.finished = find_true(seen.status, "SuccessCriteriaMet")
    if seen.finished is None:
        seen.finished = _failed_before(seen, now_s) or _failed_by_policy(seen, now_s)
    if seen.finished is None:
        seen.finished = _over_limit(seen, now_s)
    if seen.finished is None and (left_s := _deadline_left_s(seen, now_s)) is not None:
        if left_s <= 0:
            text = "Job was active longer than specified deadline"
            seen.finished = condition("FailureTarget", "DeadlineExceeded", text, now_s)
        else:
            sync_after(left_s)
    if seen.finished is None and seen.is_limited_per_index:
        seen.finished = _failed_indexes(seen, now_s)
    if seen.finished is None and seen.is_indexed:
        seen.finished = _success_policy(seen, now_s)


def _failed_before(seen: SyncContext, now_s: float) -> Json | None:
    interim = find_true(seen.status, "FailureTarget")
    if interim is None:
        return None
    return condition("Failed", interim["reason"], interim["message"], now_s)


def _failed_by_policy(seen: SyncContext, now_s: float) -> Json | None:
    for pod in seen.pods:
        if of.is_failed(pod, seen.job) and (message := judge(seen.job, pod).message):
            return condition("FailureTarget", "PodFailurePolicy", message, now_s)
    return None


def _over_limit(seen: SyncContext, now_s: float) -> Json | None:
    limit = seen.spec["backoffLimit"]
    restarts = 0
    if seen.spec["template"]["spec"]["restartPolicy"] == "OnFailure":
        restarts = sum(
            container.get("restartCount", 0)
            for pod in seen.pods
            if of.phase(pod) in ("Running", "Pending")
            for field in ("initContainerStatuses", "containerStatuses")
            for container in pod.get("status", {}).get(field, [])
        )
    if seen.failed > limit or restarts >= max(limit, 1):
        text = "Job has reached the specified backoff limit"
        return condition("FailureTarget", "BackoffLimitExceeded", text, now_s)
    return None


def _deadline_left_s(seen: SyncContext, now_s: float) -> float | None:
    deadline, started = seen.spec.get("activeDeadlineSeconds"), seen.status.get("startTime")
    if deadline is None or started is None or seen.is_suspended:
        return None
    return parse_time(started) + float(deadline) - now_s


def _failed_indexes(seen: SyncContext, now_s: float) -> Json | None:
    failed, most = len(seen.failed_indexes), seen.spec.get("maxFailedIndexes")
    if most is not None and failed > most:
        text = "Job has exceeded the specified maximal number of failed indexes"
        return condition("FailureTarget", "MaxFailedIndexesExceeded", text, now_s)
    if failed and failed + len(seen.succeeded_indexes) >= seen.spec["completions"]:
        return condition("FailureTarget", "FailedIndexes", "Job has failed indexes", now_s)
    return None


def _success_policy(seen: SyncContext, now_s: float) -> Json | None:
    """Match KEP-3998's rules: some indexes, some number of them, or both."""
    policy = seen.spec.get("successPolicy") or {}
    for place, rule in enumerate(policy.get("rules") or []):
        completions = seen.spec["completions"]
        text = rule.get("succeededIndexes")
        wanted = set(range(completions)) if text is None else parse_indexes(text, completions)
        done = wanted & seen.succeeded_indexes
        if len(done) >= rule.get("succeededCount", len(wanted)):
            message = f"Matched rules at index {place}"
            return condition("SuccessCriteriaMet", "SuccessPolicy", message, now_s)
    return None
