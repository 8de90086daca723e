"""From tasks that no Job has to Jobs that have them: adopted where there are such, else created."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from gokart_store import Store

from yule_runner.kubernetes.api import JOBS, ClusterApi
from yule_runner.kubernetes.cancel_mark import CancelMark
from yule_runner.kubernetes.errors import (
    ApiUnavailable,
    ClusterError,
    Conflict,
    NotFound,
    RunCancelled,
    missing_namespace,
)
from yule_runner.kubernetes.flight import Batch, Flight
from yule_runner.kubernetes.flight_reader import FlightReader
from yule_runner.kubernetes.jobs import (
    GENERATION,
    TASK_HASH,
    flight_manifest,
    pool_for,
    task_hash,
)
from yule_runner.kubernetes.reading import is_deleted, terminal_condition
from yule_runner.kubernetes.reflector import Reflector
from yule_runner.kubernetes.settings import ClusterSettings
from yule_runner.kubernetes.uses import is_used_by, release, take
from yule_runner.order import WorkOrder, store_order

__all__ = ["Launcher"]

Json = dict[str, Any]


class Launcher:
    """Finds or makes a Job for each task.

    Args:
        api: the cluster.
        store: where work orders lie.
        settings: of the run.
        jobs: what Jobs there are.
        mark: says whether the run was cancelled.

    Attributes:
        unanswered: names of Jobs whose creation was asked for, and nobody knows what came of it.
    """

    def __init__(
        self,
        api: ClusterApi,
        store: Store,
        settings: ClusterSettings,
        jobs: Reflector,
        mark: CancelMark,
    ) -> None:
        self.unanswered: dict[str, None] = {}
        self._api, self._store, self._settings, self._jobs = api, store, settings, jobs
        self._mark = mark
        self._reader = FlightReader(store, settings.run)
        self._spent: dict[str, set[str]] = {}
        self._known_version: str | None = None

    def spend(self, task_id: str, uid: str) -> None:
        """Note that a Job has done with a task, well or not: it is not adopted for it again."""
        self._spent.setdefault(task_id, set()).add(uid)

    def settle(self) -> None:
        """Find out what came of creations whose answer was lost.

        Raises:
            ApiUnavailable: it cannot be found out now.
            RunCancelled: somebody has cancelled the run meanwhile.
        """
        for name in list(self.unanswered):
            with suppress(NotFound):
                self._welcome(self._api.get(JOBS, name))
            del self.unanswered[name]

    def adopt(self, batches: Iterable[Batch], flights: dict[str, Flight]) -> None:
        """Give tasks to Jobs that compute them already, whoever has made those.

        What Jobs that have ended were to compute is doubted: it may be stored by now.

        Of a batch that is drained, only to those that compute for this run already: they may be
        the ones whose creation was never answered.
        """
        wanted = {task_id: batch for batch in batches for task_id in batch.unplaced}
        if not wanted:
            return
        for _, job in sorted(self._jobs.objects().items()):
            if is_deleted(job):
                continue
            is_ours = is_used_by(job, self._settings.run)
            found = {
                task_id: batch
                for task_id in self._reader.tasks_of(job)
                if (batch := wanted.get(task_id)) is not None
                and task_id in batch.unplaced
                and (is_ours or not batch.is_drained)
                and job["metadata"]["uid"] not in self._spent.get(task_id, ())
            }
            if found and terminal_condition(job) is None:
                self._take(job, found, flights)
            elif found:
                _doubt(found)

    def launch(self, batches: Iterable[Batch], flights: dict[str, Flight]) -> None:
        """Create Jobs for the tasks that none has: siblings of several batches share one.

        Raises:
            ApiUnavailable: the API server does not answer; nothing is lost, try again later.
            RunCancelled: somebody has cancelled the run.
            ClusterError: the cluster refuses.
        """
        alike: dict[object, list[tuple[str, Batch]]] = {}
        for batch in batches:
            submission = batch.submission
            source, attempt = submission.order.source.key, submission.order.attempt
            kind = (submission.name, submission.resources, source, attempt)
            for task_id, need in batch.unplaced.items():
                alike.setdefault((*kind, need), []).append((task_id, batch))
        for group in alike.values():
            self._create(dict(group), flights)

    def _create(self, group: dict[str, Batch], flights: dict[str, Flight]) -> None:
        task_ids, batches = tuple(group), tuple(group.values())
        submission, settings = batches[0].submission, self._settings
        need = batches[0].unplaced[task_ids[0]]
        pool = pool_for(submission, need, settings.pools)
        if pool is None:
            raise ClusterError(f"No pool has {need.memory_gib:g} GiB for {submission.name}.")
        work = WorkOrder(
            source=submission.order.source, task_ids=task_ids, attempt=submission.order.attempt
        )
        manifest = flight_manifest(
            submission,
            task_ids,
            need,
            order=store_order(work, self._store),
            pool=pool,
            generation=self._next_generation(task_ids),
            settings=settings,
            version=self._version(),
        )
        name = manifest["metadata"]["name"]
        self._mark.check()
        try:
            job = self._api.create(JOBS, manifest)
        except ApiUnavailable:
            self.unanswered[name] = None
            _doubt(group)
            raise
        except Conflict:
            self._meet(name, task_ids)
            return
        except NotFound as error:
            raise missing_namespace(error, settings.namespace) from error
        self._welcome(job)
        flight = self._reader.flight(job)
        flight.need, flight.mine = need, group
        flights[name] = flight
        for task_id, batch in group.items():
            del batch.unplaced[task_id]

    def _welcome(self, job: Json) -> None:
        """Take in a Job that we have made; whoever cancelled the run meanwhile has not seen it."""
        try:
            self._mark.check()
        except RunCancelled:
            metadata, settings = job["metadata"], self._settings
            release(self._api, metadata["name"], metadata["uid"], settings.run, settings.owner_uids)
            raise
        self._jobs.note(job)

    def _version(self) -> str:
        if self._known_version is None:
            self._known_version = self._api.version()
        return self._known_version

    def _meet(self, name: str, task_ids: Sequence[str]) -> None:
        """Look at who has our name: another run that asks for the same, or an older Job of ours."""
        try:
            job = self._api.get(JOBS, name)
        except NotFound:
            return
        labels = job["metadata"].get("labels") or {}
        if labels.get(TASK_HASH) != task_hash(self._settings.store, task_ids):
            raise ClusterError(
                f"There is a Job {name} in namespace {self._settings.namespace} that this package "
                "has not made, or that somebody has relabelled. Delete it, and run again."
            )
        # The next look adopts it, or takes the next generation where it has ended.
        self._jobs.note(job)

    def _take(self, job: Json, found: dict[str, Batch], flights: dict[str, Flight]) -> None:
        """Use a Job for some tasks, unless it turns out to be over: the watch may be behind."""
        try:
            job = take(self._api, job, self._settings.run, self._settings.owner)
        except (NotFound, Conflict):
            return
        self._jobs.note(job)
        if is_deleted(job) or terminal_condition(job) is not None:
            _doubt(found)
            return
        name = job["metadata"]["name"]
        if name not in flights:
            flights[name] = self._reader.flight(job)
        flights[name].mine |= found
        for task_id, batch in found.items():
            del batch.unplaced[task_id]

    def _next_generation(self, task_ids: Sequence[str]) -> int:
        wanted = task_hash(self._settings.store, task_ids)
        known = [
            int(labels.get(GENERATION, "0"))
            for job in self._jobs.objects().values()
            if (labels := job["metadata"].get("labels") or {}).get(TASK_HASH) == wanted
        ]
        return 1 + max(known, default=0)


def _doubt(tasks: Mapping[str, Batch]) -> None:
    for task_id, batch in tasks.items():
        batch.doubted.add(task_id)
