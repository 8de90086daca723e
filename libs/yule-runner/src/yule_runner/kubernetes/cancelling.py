"""Ends a run on a cluster from anywhere, without its driver."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from gokart_store import GokartStoreError, Store

from yule_runner.kubernetes.api import JOBS, ClusterApi
from yule_runner.kubernetes.cancel_mark import CancelMark
from yule_runner.kubernetes.errors import Conflict, NotFound
from yule_runner.kubernetes.reading import is_deleted, is_driver, terminal_condition
from yule_runner.kubernetes.uses import is_cancelled, is_used_by, mark_cancelled, release

__all__ = ["Cancellation", "cancel_run"]

Json = dict[str, Any]

_POLL_S = 1.0


@dataclass(frozen=True, kw_only=True)
class Cancellation:
    """What a cancellation did, each a name of a Job.

    Attributes:
        ended: what computed for this run alone, and is gone or has ended.
        left: what computes for other runs as well, and goes on for them.
        ending: what still has pods that have not confirmed their end.
    """

    ended: tuple[str, ...]
    left: tuple[str, ...]
    ending: tuple[str, ...] = ()


def cancel_run(
    api: ClusterApi,
    *,
    run: str,
    selector: str,
    store: Store,
    patience_s: float = 60.0,
    wait: Callable[[float], None] = time.sleep,
) -> Cancellation:
    """Take a run off all its Jobs, end those that no other run uses, and wait until they are gone.

    A driver in the cluster is halted first, so that it makes and adopts nothing any more; one
    elsewhere sees that its run was cancelled, and ends. What they make until then is found as well:
    the Jobs are listed until nothing of the run is left. What is stored stays.

    Args:
        api: the cluster.
        run: as in `ClusterSettings.run`.
        selector: as in `ClusterSettings.selector`.
        store: of the run; it is noted there, too, for a driver elsewhere that sleeps meanwhile.
        patience_s: how long to wait for pods to end.
        wait: waits some seconds.

    Raises:
        ApiUnavailable: the API server does not answer; what was not reached goes on.
        ClusterError: the cluster refuses.
    """
    with suppress(GokartStoreError):  # a store that is away is no reason to let a run go on
        CancelMark(store, run).leave()
    met, shared, drivers = set[str](), set[str](), set[str]()
    waited_s = 0.0
    while True:
        found, _ = api.list_all(JOBS, selector)
        mine = [job for job in found if is_used_by(job, run) and _is_left(job, run)]
        at_work = [job for job in mine if not is_deleted(job)]
        drivers |= {job["metadata"]["uid"] for job in mine if is_driver(job)}
        met |= {job["metadata"]["name"] for job in mine}
        is_patient = waited_s < patience_s
        # All are marked before the first goes, or a driver would make it again.
        for job in at_work:
            _mark(api, job, run)
        is_halted = not any(is_driver(job) and _has_pods(job) for job in at_work)
        if is_halted or not is_patient:
            # Drivers go last: with them, the garbage collector takes what only they own.
            for job in sorted(at_work, key=is_driver):
                name, uid = job["metadata"]["name"], job["metadata"]["uid"]
                how = release(api, name, uid, run, drivers)
                shared |= {name} if how == "shared" else set()
                if how == "over" and is_driver(job):
                    _remove(api, job)
        left = {job["metadata"]["name"] for job in mine}
        if not left or not is_patient:
            break
        wait(_POLL_S)
        waited_s += _POLL_S
    return Cancellation(
        ended=tuple(sorted(met - left - shared)),
        left=tuple(sorted(shared)),
        ending=tuple(sorted(left - shared)),
    )


def _is_left(job: Json, run: str) -> bool:
    """Say whether a Job goes on, or is that of a driver that was cancelled, and has ended so."""
    return terminal_condition(job) is None or (is_driver(job) and is_cancelled(job, run))


def _remove(api: ClusterApi, job: Json) -> None:
    """Delete a driver that has ended; one that has changed meanwhile is looked at again."""
    metadata = job["metadata"]
    uid, version = metadata["uid"], metadata["resourceVersion"]
    with suppress(NotFound, Conflict):
        api.delete(JOBS, metadata["name"], uid=uid, version=version, policy="Foreground")


def _mark(api: ClusterApi, job: Json, run: str) -> None:
    """Say on a Job that the run is cancelled; take the pods away from a driver."""
    with suppress(NotFound, Conflict):
        if not is_cancelled(job, run):
            mark_cancelled(api, job, run)
        is_over = terminal_condition(job) is not None
        if is_driver(job) and not is_over and not job["spec"].get("suspend"):
            uid = job["metadata"]["uid"]
            change = {"metadata": {"uid": uid}, "spec": {"suspend": True}}
            api.merge(JOBS, job["metadata"]["name"], change)


def _has_pods(job: Json) -> bool:
    """Say whether pods of a Job run, or have not confirmed their end."""
    status = job.get("status", {})
    is_halted = terminal_condition(job) is not None or job["spec"].get("suspend")
    return not is_halted or bool(status.get("active") or status.get("terminating"))
