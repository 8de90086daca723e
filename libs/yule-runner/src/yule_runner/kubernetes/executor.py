"""Runs work orders as Indexed Jobs of a Kubernetes cluster."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from gokart_store import Resources, open_store

from yule_runner.executor import Cancelled, Finished, Handle, Observation, Submission
from yule_runner.kubernetes.api import JOBS, PODS, ClusterApi
from yule_runner.kubernetes.attention import Attention
from yule_runner.kubernetes.backoff import Backoff
from yule_runner.kubernetes.cancel_mark import CancelMark
from yule_runner.kubernetes.connecting import connect
from yule_runner.kubernetes.errors import ApiUnavailable
from yule_runner.kubernetes.flight import Batch, Flight
from yule_runner.kubernetes.holdup_clock import HoldupClock
from yule_runner.kubernetes.inspection import Inspector
from yule_runner.kubernetes.launching import Launcher
from yule_runner.kubernetes.outlook import Outlook
from yule_runner.kubernetes.placement import choose_pool, shortage
from yule_runner.kubernetes.reading import has_just_ended
from yule_runner.kubernetes.reflector import Reflector
from yule_runner.kubernetes.settings import ClusterSettings
from yule_runner.kubernetes.troubles import Troubles

if TYPE_CHECKING:
    from kubernetes import client

__all__ = ["KubernetesExecutor"]

Json = dict[str, Any]


class KubernetesExecutor:
    """Gives each group of siblings to an Indexed Job, and watches what becomes of it.

    It keeps two watches, on the Jobs and the pods of its store, and looks at what they bring once a
    second on the mean: sooner after a pause, where a pod has ended. What is done is decided by what
    is stored, then by the Job's conditions; pods only explain. It has no state that matters:
    another driver of the same run, or of another run that wants the same tasks, finds the Jobs by
    their labels and takes them over.

    Use an executor from one thread.

    Args:
        settings: of the run.
        connect: returns a client for the cluster; called again when credentials expire.
        now_s: the driver's clock, in seconds from any moment.

    Raises:
        ClusterError: there is no way to a cluster.
    """

    def __init__(
        self,
        settings: ClusterSettings,
        *,
        connect: Callable[[], client.ApiClient] = connect,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings, self._patience = settings, settings.patience
        self._api = ClusterApi(connect, settings.namespace)
        self._attention = Attention(self._patience, now_s)
        self._jobs, self._pods = (
            Reflector(
                self._api,
                kind,
                settings.selector,
                patience=settings.patience,
                on_change=self._notice,
            )
            for kind in (JOBS, PODS)
        )
        self._news: list[Observation] = []
        self._batches: dict[str, Batch] = {}
        self._flights: dict[str, Flight] = {}
        store = open_store(settings.store)
        mark = CancelMark(store, settings.run)
        self._launcher = Launcher(self._api, store, settings, self._jobs, mark)
        self._outlook = Outlook(
            tell=self._news.append, spend=self._launcher.spend, most_memory=self._most_memory
        )
        self._clock = HoldupClock(self._patience, tell=self._news.append, now_s=now_s)
        self._inspector = Inspector(
            self._api,
            settings,
            outlook=self._outlook,
            clock=self._clock,
            departed=self._jobs.departed,
            mark=mark,
            now_s=now_s,
        )
        self._backoff = Backoff(self._patience, settings.run)
        self._troubles = Troubles(tell=self._news.append, skew=self._api.skew)
        self._submitted = 0
        self._jobs.start()
        self._pods.start()

    def __enter__(self) -> KubernetesExecutor:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def requests(self) -> int:
        """How many requests this executor has sent to the API server."""
        return self._api.requests

    def refusal(self, resources: Resources) -> str | None:
        """Say why a task with these needs fits on no pool; None if it does."""
        if choose_pool(resources, self._settings.pools) is not None:
            return None
        return shortage(resources, self._settings.pools)

    def submit(self, submission: Submission) -> Handle:
        """Accept a group; the next `observe` gives it to Jobs."""
        self._submitted += 1
        task_ids = submission.order.task_ids
        handle = Handle(name=f"cluster-{self._submitted}", task_ids=task_ids)
        declared_gib = submission.resources.memory_gib
        self._batches[handle.name] = Batch(
            submission=submission,
            handle=handle,
            unended=dict.fromkeys(task_ids),
            unplaced={each: self._outlook.need(each, declared_gib) for each in task_ids},
        )
        self._attention.ask()
        return handle

    def observe(self, timeout_s: float) -> Sequence[Observation]:
        """Return what happened since the last call; wait at most `timeout_s` for something.

        An API server that does not answer is waited for, as long as it takes.

        Raises:
            ClusterError: the cluster refuses what a driver needs.
        """
        if self._attention.wait(timeout_s, is_silent=bool(self._batches)):
            self._look()
        news = list(self._news)
        self._news.clear()
        return news

    def drain(self, handle: Handle) -> None:
        """Create no further Job for a handle; those that there are run to their end."""
        batch = self._batches.get(handle.name)
        if batch is not None:
            batch.is_drained = True
            self._attention.ask()

    def cancel(self, handle: Handle, *, now: bool = False) -> None:  # noqa: ARG002 - pods have
        """Let go of a handle's Jobs, or end them: see `ClusterSettings.detaches`.

        Jobs that other runs use as well go on in any case.
        """
        batch = self._batches.get(handle.name)
        if batch is not None:
            batch.is_cancelled = batch.is_drained = True
            self._attention.ask()
            if self._settings.detaches:
                self._detach(batch)

    def close(self) -> None:
        """End the watches. Jobs that run go on, for the next driver to take over."""
        for reflector in (self._jobs, self._pods):
            reflector.stop()
        self._api.close()

    def _notice(self, before: Json | None, after: Json | None) -> None:
        self._attention.notice(is_urgent=has_just_ended(before, after))

    def _look(self) -> None:
        for reflector in (self._jobs, self._pods):
            if reflector.error is not None:
                raise reflector.error
        self._attention.begin()
        if not (self._jobs.is_synced and self._pods.is_synced):
            self._say(self._jobs.trouble or self._pods.trouble)
            return
        try:
            self._reconcile()
        except ApiUnavailable as error:
            self._attention.rest(self._backoff.next_s(error))
            self._say(str(error))
        else:
            self._backoff.reset()
            self._say(self._jobs.trouble or self._pods.trouble)
        finally:
            self._batches = {name: each for name, each in self._batches.items() if each.unended}

    def _reconcile(self) -> None:
        self._clock.note_sight(is_blind=bool(self._jobs.trouble or self._pods.trouble))
        self._launcher.settle()
        batches = list(self._batches.values())
        self._launcher.adopt(batches, self._flights)
        self._inspector.look(
            self._flights, self._jobs.objects(), self._pods.objects().values(), self._pods.gone()
        )
        for name, flight in list(self._flights.items()):
            if not flight.mine and (flight.is_released or not flight.was_left):
                del self._flights[name]
        for batch in batches:
            if batch.is_drained:
                self._cancel_unplaced(batch)
            else:
                self._finish_stored(batch)
        self._launcher.launch(batches, self._flights)

    def _finish_stored(self, batch: Batch) -> None:
        """See what a Job has done that nobody here knows of, before another one is made."""
        for task_id in filter(batch.submission.is_stored, sorted(batch.doubted)):
            if batch.unplaced.pop(task_id, None) is not None:
                del batch.unended[task_id]
                self._news.append(Finished(task_id=task_id, record=None))
        batch.doubted.clear()

    def _cancel_unplaced(self, batch: Batch) -> None:
        for task_id in list(batch.unplaced):
            del batch.unplaced[task_id], batch.unended[task_id]
            self._news.append(Cancelled(task_id=task_id))

    def _detach(self, batch: Batch) -> None:
        for flight in self._flights.values():
            for task_id in [each for each, of in flight.mine.items() if of is batch]:
                self._outlook.cancel(flight, task_id)
        self._cancel_unplaced(batch)
        del self._batches[batch.handle.name]

    def _most_memory(self, batch: Batch) -> float:
        declared = batch.submission.resources
        fitting = [
            pool.memory_gib
            for pool in self._settings.pools
            if declared.cpu <= pool.cpu and declared.gpu <= pool.gpu
        ]
        return max(fitting, default=declared.memory_gib)

    def _say(self, trouble: str) -> None:
        unended = (each for batch in self._batches.values() for each in batch.unended)
        self._troubles.look(trouble, tuple(unended))
