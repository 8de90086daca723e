"""Leaves a driver in the cluster once it is known to start, or known not to."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from yule_runner.kubernetes import Patience
from yule_runner.kubernetes.api import JOBS, PODS
from yule_runner.kubernetes.errors import ApiUnavailable, NotFound
from yule_runner.kubernetes.reading import (
    JOB_UID,
    is_at_work,
    is_ended,
    is_unplaced,
    terminal_condition,
)

from yule_cli.stalling import Stall, given_up, gone

if TYPE_CHECKING:
    from yule_runner.kubernetes.api import ClusterApi

    from yule_cli.cluster_run import ClusterRun

__all__ = ["PATIENCE", "see_start"]

Json = dict[str, Any]

PATIENCE = replace(Patience(), image_s=60.0, container_s=60.0)
"""How long an image may fail to be pulled before a driver is not left, but given up."""
_STAYS_S = 20.0
_POLL_S = 1.0


def see_start(
    found: ClusterRun,
    driver: str,
    api: ClusterApi,
    *,
    say: Callable[[str], None],
    wait: Callable[[float], None] = time.sleep,
    now_s: Callable[[], float] = time.monotonic,
) -> None:
    """Return when a driver runs, or after 20 s in which nothing says that it cannot.

    An image that cannot be pulled is told at once, and waited for a minute: the registry may come
    to itself. A pod that finds no node is left: one may be on its way.

    Args:
        found: The run.
        driver: Name of the driver's Job.
        api: The cluster.
        say: Gets what there is to tell about the driver.
        wait: Waits some seconds.
        now_s: A clock, in seconds from any moment.

    Raises:
        RunFailedError: The driver could not be started, and was given up; or it is gone.
        ClusterError: The cluster refuses.
    """
    stall, until_s = Stall(PATIENCE, say=say, now_s=now_s), now_s() + _STAYS_S
    while True:
        is_held = False
        try:
            job = api.get(JOBS, driver)
            pods, _ = api.list_all(PODS, f"{JOB_UID}={job['metadata']['uid']}")
        except NotFound:
            raise gone(driver) from None
        except ApiUnavailable as error:
            stall.tell(str(error))
        else:
            if terminal_condition(job) or any(is_at_work(pod) or is_ended(pod) for pod in pods):
                return
            if (overdue := stall.look(pods)) is not None:
                raise given_up(found, job, api, overdue, wait)
            is_held = stall.now(pods) is not None and not any(map(is_unplaced, pods))
        if now_s() >= until_s and not is_held:
            return
        wait(_POLL_S)
