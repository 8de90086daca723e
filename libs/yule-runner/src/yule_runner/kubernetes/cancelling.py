"""Ends a run on a cluster from anywhere, without its driver."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from yule_runner.kubernetes.api import JOBS, ClusterApi
from yule_runner.kubernetes.errors import Conflict, NotFound
from yule_runner.kubernetes.reading import is_deleted, is_driver, terminal_condition
from yule_runner.kubernetes.uses import is_used_by, mark_cancelled, release

__all__ = ["Cancellation", "cancel_run"]

_POLL_S = 1.0


@dataclass(frozen=True, kw_only=True)
class Cancellation:
    """What a cancellation did, each a name of a Job.

    Attributes:
        ended: what computed for this run alone, and is gone now.
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
    patience_s: float = 60.0,
    wait: Callable[[float], None] = time.sleep,
) -> Cancellation:
    """Take a run off all its Jobs, end those that no other run uses, and wait until they are gone.

    A driver that is still at work sees that its run was cancelled, and ends. What is stored stays.

    Args:
        api: the cluster.
        run: as in `ClusterSettings.run`.
        selector: as in `ClusterSettings.selector`.
        patience_s: how long to wait for pods to end.
        wait: waits some seconds.

    Raises:
        ApiUnavailable: the API server does not answer; what was not reached goes on.
        ClusterError: the cluster refuses.
    """
    found, _ = api.list_all(JOBS, selector)
    mine = {
        job["metadata"]["name"]: job["metadata"]["uid"]
        for job in found
        if is_used_by(job, run) and terminal_condition(job) is None
    }
    # All are marked before the first goes, or a driver would make it again.
    for job in found:
        if job["metadata"]["name"] in mine and not is_deleted(job):
            with suppress(NotFound, Conflict):
                mark_cancelled(api, job, run)
    drivers = [job["metadata"] for job in found if is_driver(job) and is_used_by(job, run)]
    uids = {each["uid"] for each in drivers}
    # Drivers go last: with them, the garbage collector takes what only they own.
    names = sorted(mine, key=lambda name: (mine[name] in uids, name))
    released = {name: release(api, name, mine[name], run, uids) for name in names}
    ended = {name for name, how in released.items() if how == "deleted"}
    ending = set(ended)
    waited_s = 0.0
    while ending and waited_s < patience_s:
        now, _ = api.list_all(JOBS, selector)
        ending &= {job["metadata"]["name"] for job in now}
        if ending:
            wait(_POLL_S)
            waited_s += _POLL_S
    return Cancellation(
        ended=tuple(sorted(ended - ending)),
        left=tuple(sorted(name for name, how in released.items() if how == "shared")),
        ending=tuple(sorted(ending)),
    )
