"""How many pods a Job has, and which come and go (job_controller.go, manageJob)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yule_runner.testing.kubernetes.jobs import pods as of
from yule_runner.testing.kubernetes.jobs.backoff import remaining_per_index_s
from yule_runner.testing.kubernetes.jobs.context import SyncContext
from yule_runner.testing.kubernetes.jobs.pod_control import PodControl
from yule_runner.testing.kubernetes.status import ApiError

__all__ = ["manage"]

Json = dict[str, Any]

_MOST_PER_SYNC = 500


def manage(
    seen: SyncContext, control: PodControl, now_s: float, sync_after: Callable[[float], None]
) -> tuple[int, ApiError | None]:
    """Create or delete pods.

    Args:
        seen: the sync; its counts of ready and terminating pods follow deletions.
        control: what creates and deletes.
        now_s: the time.
        sync_after: called with the seconds to wait, where back-off holds pods back.

    Returns:
        How many pods are active afterwards; and what the API refused, if it did. A sync that
        waits for back-off reports none active, as the real controller does.
    """
    active = len(seen.active)
    surplus = seen.active if seen.is_suspended else _surplus(seen)
    if surplus or seen.is_suspended:
        for pod in surplus:
            control.release(pod)
            control.delete(seen.job, pod)
        seen.terminating += len(surplus)
        seen.ready -= sum(map(of.is_ready, surplus))
        return active - len(surplus), None
    terminating = seen.terminating if seen.replaces_failed_only else 0
    missing = _wanted(seen) - terminating - active
    if missing <= 0:
        return active, None
    if not seen.is_limited_per_index and (wait_s := seen.backoff.remaining_s(now_s)) > 0:
        sync_after(wait_s)
        return 0, None
    missing = min(missing, _MOST_PER_SYNC)
    indexes: list[int | None] = [None] * missing
    if seen.is_indexed:
        pending = _pending(seen, missing)
        waits = {index: remaining_per_index_s(seen.delayed.get(index), now_s) for index in pending}
        if waits and all(waits.values()):
            sync_after(min(waits.values()))
            return 0, None
        indexes = [index for index in pending if not waits[index]]
    created, refusal = _create(seen, control, indexes)
    return active + created, refusal


def _create(
    seen: SyncContext, control: PodControl, indexes: list[int | None]
) -> tuple[int, ApiError | None]:
    """Create in batches of 1, 2, 4, ..., and stop after a batch that was refused."""
    created, refusal, batch = 0, None, 1
    while indexes and refusal is None:
        for index in indexes[:batch]:
            try:
                created += control.create(seen, index)
            except ApiError as error:
                refusal = error
        indexes, batch = indexes[batch:], 2 * batch
    return created, refusal


def _wanted(seen: SyncContext) -> int:
    parallelism = int(seen.spec["parallelism"])
    completions = seen.spec.get("completions")
    if completions is None:
        return len(seen.active) if seen.succeeded else parallelism
    return max(0, min(int(completions) - seen.succeeded, parallelism))


def _surplus(seen: SyncContext) -> list[Json]:
    least = max(0, len(seen.active) - _wanted(seen))
    removed: list[Json] = []
    left = list(seen.active)
    if seen.is_indexed:
        best: dict[int, Json] = {}
        for pod in sorted(left, key=of.removal_rank):
            index = seen.index_of(pod)
            if index is None:
                removed.append(pod)
            else:
                if index in best:
                    removed.append(best[index])
                best[index] = pod
        left = list(best.values())
    if len(removed) < least:
        removed += sorted(left, key=of.removal_rank)[: least - len(removed)]
    return removed[:_MOST_PER_SYNC]


def _pending(seen: SyncContext, count: int) -> list[int]:
    pods = list(seen.active)
    if seen.replaces_failed_only:
        pods += [pod for pod in seen.pods if of.is_terminating(pod)]
    taken = {index for pod in pods if (index := of.completion_index(pod)) is not None}
    taken |= seen.succeeded_indexes | seen.failed_indexes
    free = (index for index in range(seen.spec["completions"]) if index not in taken)
    return [index for _, index in zip(range(count), free, strict=False)]
