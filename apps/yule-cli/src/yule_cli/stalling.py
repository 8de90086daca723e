"""Drivers in the cluster that do not start: what holds them up, and how they are given up."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from yule_runner.kubernetes import Patience
from yule_runner.kubernetes.api import JOBS
from yule_runner.kubernetes.errors import NotFound
from yule_runner.kubernetes.holdups import Holdup, holdup_of
from yule_runner.kubernetes.starts import last_complaint, unstarted_words
from yule_runner.kubernetes.uses import release

from yule_cli.errors import RunFailedError

if TYPE_CHECKING:
    from yule_runner.kubernetes.api import ClusterApi

    from yule_cli.cluster_run import ClusterRun

__all__ = ["Stall", "given_up", "gone", "never_started"]

Json = dict[str, Any]

_POLL_S = 2.0
_GONE_S = 60.0


class Stall:
    """What keeps a driver's pod from running, told when it changes.

    Args:
        patience: How long a pod that cannot start is put up with.
        say: Gets what there is to tell.
        now_s: A clock, in seconds from any moment.
    """

    def __init__(
        self, patience: Patience, *, say: Callable[[str], None], now_s: Callable[[], float]
    ) -> None:
        self._patience, self._say, self._now_s = patience, say, now_s
        self._told = self._key = ""
        self._since_s = 0.0

    def tell(self, words: str) -> None:
        """Say something, unless it was said last."""
        if words != self._told:
            self._told = words
            self._say(words)

    def look(self, pods: list[Json]) -> Holdup | None:
        """Return what has held the pod up for too long."""
        holdup = self.now(pods)
        return holdup if holdup and self._now_s() >= self._since_s + holdup.limit_s else None

    def now(self, pods: list[Json]) -> Holdup | None:
        """Return what holds the pod up, however long that has been so."""
        holdups = [found for pod in pods if (found := holdup_of(pod, self._patience))]
        if not holdups or holdups[0].normal_s:
            self._key = ""
            return None
        holdup = holdups[0]
        self.tell(f"The driver waits: {holdup.words}")
        if holdup.key != self._key:
            self._key, self._since_s = holdup.key, self._now_s()
        return holdup


def given_up(
    found: ClusterRun,
    job: Json,
    api: ClusterApi,
    overdue: Holdup,
    wait: Callable[[float], None] = time.sleep,
) -> RunFailedError:
    """End a driver that cannot start, see it gone, and return what there is to say."""
    name, uid = job["metadata"]["name"], job["metadata"]["uid"]
    release(api, name, uid, found.run, (uid,))
    _see_gone(name, api, wait)
    return RunFailedError(
        f"The driver {name} was given up after {overdue.limit_s:g} s: {overdue.words}"
    )


def gone(driver: str) -> RunFailedError:
    """Return what there is to say of a driver whose Job is not there."""
    return RunFailedError(
        f"The driver {driver} is gone: somebody has cancelled the run, or deleted its Job. "
        "What is stored is kept: run the case again to go on."
    )


def never_started(job: Json, api: ClusterApi) -> RunFailedError:
    """Return what there is to say of a driver that the cluster has ended before it ran."""
    said = last_complaint(api, job["metadata"]["uid"])
    return RunFailedError(unstarted_words(job) + (f" The cluster said: {said}" if said else ""))


def _see_gone(name: str, api: ClusterApi, wait: Callable[[float], None]) -> None:
    waited_s = 0.0
    while waited_s < _GONE_S:
        try:
            api.get(JOBS, name)
        except NotFound:
            return
        wait(_POLL_S)
        waited_s += _POLL_S
