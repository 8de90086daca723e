"""Stays with a driver in the cluster: shows what it prints, and why it does not start."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gokart_store import open_store
from yule_runner.kubernetes import Patience
from yule_runner.kubernetes.api import JOBS, PODS
from yule_runner.kubernetes.causes import cause_of_end
from yule_runner.kubernetes.errors import ApiUnavailable, NotFound
from yule_runner.kubernetes.logs import LogReader
from yule_runner.kubernetes.reading import JOB_UID, last_pods, pod_end, terminal_condition
from yule_runner.kubernetes.starts import is_unstarted

from yule_cli.detached import DRIVER
from yule_cli.errors import RunFailedError
from yule_cli.stalling import Stall, given_up, gone, never_started

if TYPE_CHECKING:
    from yule_runner.kubernetes.api import ClusterApi

    from yule_cli.cluster_run import ClusterRun

__all__ = ["attach"]

Json = dict[str, Any]

_POLL_S = 2.0


def attach(
    found: ClusterRun,
    driver: str,
    api: ClusterApi,
    *,
    show: Callable[[str], None],
    say: Callable[[str], None],
    patience: Patience | None = None,
    wait: Callable[[float], None] = time.sleep,
    now_s: Callable[[], float] = time.monotonic,
) -> None:
    """Follow a driver to its end. To leave it, interrupt: it goes on.

    Args:
        found: The run.
        driver: Name of the driver's Job.
        api: The cluster.
        show: Gets each line that the driver prints, once.
        say: Gets what there is to tell about the driver itself.
        patience: How long a pod that cannot start is put up with.
        wait: Waits some seconds.
        now_s: A clock, in seconds from any moment.

    Raises:
        RunFailedError: The driver failed, is gone, or could not be started, and was given up.
        ClusterError: The cluster refuses.
    """
    reader: LogReader | None = None
    is_heard = False
    stall = Stall(patience or Patience(), say=say, now_s=now_s)
    while True:
        job, pods = None, list[Json]()
        try:
            job = api.get(JOBS, driver)
            pods, _ = api.list_all(PODS, f"{JOB_UID}={job['metadata']['uid']}")
        except NotFound:
            pass
        except ApiUnavailable as error:
            stall.tell(str(error))
            wait(_POLL_S)
            continue
        terminal = None if job is None else terminal_condition(job)
        if job is not None and reader is None:
            reader = LogReader(open_store(found.store), driver, job["metadata"]["uid"])
        is_over = job is None or terminal is not None
        for part in reader.news(is_last=is_over) if reader else ():
            for line in part.lines:
                show(line)
                is_heard = True
        if job is None:
            raise gone(driver)
        if terminal is not None:
            _conclude(driver, job, api, pods, is_heard=is_heard)
            return
        if (overdue := stall.look(pods)) is not None:
            raise given_up(found, job, api, overdue, wait)
        wait(_POLL_S)


def _conclude(driver: str, job: Json, api: ClusterApi, pods: list[Json], *, is_heard: bool) -> None:
    terminal = terminal_condition(job)
    if terminal is None or terminal["type"] == "Complete":
        return
    if is_unstarted(job):
        raise never_started(job, api)
    why = "its last lines say why."
    last = last_pods(pods).get(0)
    if not is_heard and last is not None:
        # It may have had no store to write to.
        name = last["metadata"]["name"]
        why = cause_of_end(name, pod_end(last), memory_gib=DRIVER.memory_gib)
    raise RunFailedError(
        f"The driver {driver} has failed: {why} What is stored is kept: run the case again to go "
        "on."
    )
