"""One look at all Jobs in flight: what they have brought, what holds them up, which to give up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from yule_runner.failure import Failure, FailureKind
from yule_runner.kubernetes.api import PODS, ClusterApi
from yule_runner.kubernetes.cancel_mark import CancelMark
from yule_runner.kubernetes.enquiry import Enquiry
from yule_runner.kubernetes.flight import Flight
from yule_runner.kubernetes.holdup_clock import HoldupClock, Overdue
from yule_runner.kubernetes.outlook import Outlook
from yule_runner.kubernetes.reading import (
    INDEX,
    JOB_UID,
    by_job,
    indexes,
    is_at_work,
    is_deleted,
    is_ended,
    pod_index,
    preemptions_of,
    terminal_condition,
)
from yule_runner.kubernetes.settings import ClusterSettings
from yule_runner.kubernetes.uses import check_not_cancelled, release

__all__ = ["Inspector"]

Json = dict[str, Any]

_ESCAPE_AFTER = 3
_MOST_NAMED = 100


class Inspector:
    """Looks at flights, and moves what cannot go on where it is.

    Args:
        api: the cluster.
        settings: of the run.
        outlook: decides on tasks.
        clock: knows what lasts too long.
        departed: returns a Job that is gone, as it was last seen.
        mark: says whether the run was cancelled, where its Jobs cannot any more.
        now_s: the driver's clock.
    """

    def __init__(
        self,
        api: ClusterApi,
        settings: ClusterSettings,
        *,
        outlook: Outlook,
        clock: HoldupClock,
        departed: Callable[[str], Json | None],
        mark: CancelMark,
        now_s: Callable[[], float],
    ) -> None:
        self._api, self._settings, self._patience = api, settings, settings.patience
        self._outlook, self._clock, self._now_s = outlook, clock, now_s
        self._enquiry = Enquiry(api, settings.patience, clock=clock, now_s=now_s)
        self._departed, self._mark = departed, mark

    def look(
        self,
        flights: Mapping[str, Flight],
        jobs: Mapping[str, Json],
        pods: Iterable[Json],
        gone: Iterable[Json],
    ) -> None:
        """Look at each flight once.

        Args:
            flights: Jobs that compute something for this driver, by name.
            jobs: all Jobs that there are, by name.
            pods: all pods that there are.
            gone: pods that are no longer there, as they were last seen.

        Raises:
            ApiUnavailable: the API server does not answer; look again later.
            RunCancelled: somebody has cancelled the run.
            ClusterError: the cluster refuses.
        """
        if (owner := self._settings.owner) is not None:
            last = jobs.get(owner.name) or self._departed(owner.name)
            check_not_cancelled(last, owner.uid, self._settings.run)
        present, past = by_job(pods), by_job(gone)
        pods_of = {name: present.get(flight.uid, []) for name, flight in flights.items()}
        is_busy = any(is_at_work(pod) for each in pods_of.values() for pod in each)
        for name, flight in flights.items():
            self._outlook.note_pods(flight, [*past.get(flight.uid, []), *pods_of[name]])
            job_now = jobs.get(name)
            if job_now is not None and job_now["metadata"]["uid"] != flight.uid:
                job_now = None
            self._look(flight, job_now, pods_of[name], is_busy=is_busy)

    def _look(self, flight: Flight, job: Json | None, pods: list[Json], *, is_busy: bool) -> None:
        last = job or self._departed(flight.name)
        check_not_cancelled(last, flight.uid, self._settings.run)
        self._read(flight, job, ended=sum(map(is_ended, pods)))
        if job is not None and not is_deleted(job):
            self._ask_for_ends(flight, job)
            self._outlook.conclude(flight, job)
        if job is not None and not is_deleted(job) and terminal_condition(job) is None:
            self._escape(flight, pods)
            if not self._clock.is_blind:
                self._press(flight, pods, is_busy=is_busy)
        is_doomed = flight.is_released or not self._clock.is_blind
        if (flight.doom and is_doomed) or self._is_cancelled(flight):
            self._give_up(flight, job, pods)
        elif job is None:
            self._mark.check()
            self._outlook.lose(flight)
        if flight.was_left and not flight.mine and not flight.is_released:
            self._release(flight)

    def _ask_for_ends(self, flight: Flight, job: Json) -> None:
        """Ask how the last pods of failed indexes ended: their watch may be behind the Job's.

        What it has told so far may be the end of an earlier pod, which looks no different.
        """
        failed = indexes(job.get("status", {}).get("failedIndexes"))
        unexplained = [each for each in sorted(failed) if flight.tasks_of([each])]
        if unexplained:
            selector = f"{JOB_UID}={flight.uid}"
            if len(unexplained) <= _MOST_NAMED:  # or the address would be too long
                selector += f",{INDEX} in ({','.join(map(str, unexplained))})"
            found, _ = self._api.list_all(PODS, selector)
            self._outlook.note_pods(flight, found)

    def _read(self, flight: Flight, job: Json | None, *, ended: int) -> None:
        """Read journals when the Job or its pods have moved on, and every few seconds.

        The Job's own word comes a second after its pods': what they have stored needs no waiting.
        """
        status = {} if job is None else job.get("status", {})
        seen = (
            job is None,
            ended,
            status.get("completedIndexes"),
            status.get("failedIndexes"),
            len(status.get("conditions") or []),
        )
        if flight.mine and (seen != flight.seen or self._now_s() >= flight.journal_due_s):
            self._outlook.read_journals(flight)
            flight.pulse.note(flight.journals.beats, self._now_s())
            flight.seen = seen
            flight.journal_due_s = self._now_s() + self._patience.journal_s

    def _escape(self, flight: Flight, pods: list[Json]) -> None:
        """Move what is preempted again and again to nodes that stay."""
        if not flight.is_spot:
            return
        indexes = {
            index
            for pod in pods
            if (index := pod_index(pod)) is not None and preemptions_of(pod) >= _ESCAPE_AFTER
        }
        self._leave(flight, indexes, is_on_demand=True)

    def _press(self, flight: Flight, pods: list[Json], *, is_busy: bool) -> None:
        overdue = self._clock.look(flight, pods, is_busy=is_busy)
        if not pods:
            overdue += self._enquiry.about_missing_pods(flight)
        else:
            flight.pods_due_s = None
        self._enquiry.about_missing_nodes(flight, pods)
        if not flight.is_released:
            flight.doom = ""  # it may be over, if the server went away before the Job was ended
        for each in overdue:
            if each.holdup.is_stuck and each.index is not None:
                self._leave(flight, {each.index})
            else:
                self._doom(flight, each)

    def _doom(self, flight: Flight, overdue: Overdue) -> None:
        holdup = overdue.holdup
        flight.doom = f"{flight.name} was given up after {holdup.limit_s:g} s: {holdup.words}"

    def _give_up(self, flight: Flight, job: Json | None, pods: list[Json]) -> None:
        """End a Job first, and report then; pods on a lost node never confirm their end."""
        if not flight.is_released:
            self._release(flight)
            longest_s = max((_grace_s(pod) for pod in pods), default=0.0)
            flight.report_by_s = self._now_s() + longest_s + self._patience.terminating_s
        is_there = job is not None or any(not is_ended(pod) for pod in pods)
        if flight.was_deleted and is_there and self._now_s() < flight.report_by_s:
            return
        for task_id in list(flight.mine):
            if flight.mine[task_id].is_cancelled:
                self._outlook.cancel(flight, task_id)
        if flight.mine:
            failure = Failure(kind=FailureKind.UNPLACED, cause=flight.doom)
            self._outlook.refuse(flight, failure)

    def _is_cancelled(self, flight: Flight) -> bool:
        return bool(flight.mine) and all(batch.is_cancelled for batch in flight.mine.values())

    def _leave(
        self, flight: Flight, indexes: set[int], *, is_on_demand: bool | None = None
    ) -> None:
        task_ids = flight.tasks_of(indexes)
        if task_ids:
            flight.was_left = True
            self._outlook.move(flight, task_ids, is_on_demand=is_on_demand)

    def _release(self, flight: Flight) -> None:
        settings = self._settings
        released = release(self._api, flight.name, flight.uid, settings.run, settings.owner_uids)
        flight.was_deleted = released == "deleted"
        # Where others change it all the time, the next look tries again.
        flight.is_released = released != "contended"


def _grace_s(pod: Json) -> float:
    return float(pod["spec"].get("terminationGracePeriodSeconds", 30))
