"""The control loop of a run: hands ready groups to the executor, and decides on what it sees."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import assert_never

from gokart_store import TaskRecord

from yule_runner.errors import YuleRunnerError
from yule_runner.events import (
    Event,
    RunInterrupting,
    TaskFailed,
    TaskFinished,
    TaskReused,
    UpstreamRepaired,
)
from yule_runner.evidence import is_stored, stored_record
from yule_runner.executor import (
    Cancelled,
    Executor,
    Failed,
    Finished,
    Handle,
    Held,
    Observation,
    Started,
    Submission,
    Waiting,
    Warned,
)
from yule_runner.failure import Failure, FailureKind, TaskFailure
from yule_runner.graph import Graph, name_of
from yule_runner.interruption import Interruption
from yule_runner.order import WorkOrder, write_order
from yule_runner.planning import Group, Plan, plan
from yule_runner.recovery import Recovery, Verdict
from yule_runner.schedule import Schedule
from yule_runner.source import GraphSource
from yule_runner.telling import event_of, exceeded_memory, failure_of_task

__all__ = ["Control"]

_OBSERVE_S = 0.2
_GRACE_S = 15.0
_ABANDON_S = 5.0


class Control:
    """One run's state.

    Attributes:
        records: what was computed, in order of completion.
        reused: ids of what another run computed meanwhile.
        failures: what failed for good.
    """

    def __init__(
        self,
        *,
        source: GraphSource,
        graph: Graph,
        executor: Executor,
        orders: Path,
        on_event: Callable[[Event], None],
        retries: int,
    ) -> None:
        self.records: list[TaskRecord] = []
        self.reused: list[str] = []
        self.failures: list[TaskFailure] = []
        self._source = source
        self._graph = graph
        self._executor = executor
        self._orders = orders
        self._on_event = on_event
        self._recovery = Recovery(retries=retries)
        self._schedule = Schedule(graph)
        self._is_drained = False
        self._handles: dict[str, Handle] = {}  # by the task in flight

    @property
    def unfinished(self) -> int:
        """How many needed tasks have neither ended well nor failed for good."""
        return self._schedule.pending

    def run(self, todo: Plan, signals: Interruption) -> None:
        """Go on until nothing is in flight and nothing more may be started."""
        self._schedule.add(todo)
        handled = 0
        kill_at = float("inf")
        try:
            while True:
                if not signals.count and not self.failures:
                    for group in self._schedule.take_ready():
                        self._submit(group)
                if not self._handles:
                    return
                for observation in self._executor.observe(_OBSERVE_S):
                    self._take(observation, is_stopping=signals.count > 0)
                if self.failures:
                    self._drain()
                if signals.count > handled:
                    handled = signals.count
                    kill_at = time.monotonic() + (_GRACE_S if handled == 1 else 0)
                    self._on_event(RunInterrupting(signum=signals.signum or 0))
                    self._cancel(now=handled > 1)
                elif time.monotonic() > kill_at:
                    self._cancel(now=True)
        except BaseException:
            self._abandon()
            raise

    def _submit(self, group: Group) -> None:
        by_attempt: dict[int, list[str]] = {}
        for task_id in group.task_ids:
            by_attempt.setdefault(self._recovery.attempt(task_id), []).append(task_id)
        for attempt, task_ids in by_attempt.items():
            handle = self._executor.submit(self._submission(group, task_ids, attempt))
            self._handles |= dict.fromkeys(task_ids, handle)

    def _submission(self, group: Group, task_ids: Sequence[str], attempt: int) -> Submission:
        order = WorkOrder(source=self._source, task_ids=tuple(task_ids), attempt=attempt)
        file = write_order(order, self._orders, name=group.name.rpartition(".")[2])
        return Submission(
            name=group.name,
            resources=group.resources,
            order=order,
            file=file,
            is_stored=lambda task_id: is_stored(self._graph.tasks[task_id]),
        )

    def _in_flight(self) -> list[Handle]:
        return list({handle.name: handle for handle in self._handles.values()}.values())

    def _drain(self) -> None:
        if not self._is_drained:
            self._is_drained = True
            for handle in self._in_flight():
                self._executor.drain(handle)

    def _cancel(self, *, now: bool) -> None:
        for handle in self._in_flight():
            self._executor.cancel(handle, now=now)

    def _abandon(self) -> None:
        """Leave nothing behind in an executor that may be used again."""
        self._cancel(now=True)
        deadline = time.monotonic() + _ABANDON_S
        with suppress(YuleRunnerError):
            while self._handles and time.monotonic() < deadline:
                for observation in self._executor.observe(_OBSERVE_S):
                    if not isinstance(observation, Started | Waiting | Held | Warned):
                        self._handles.pop(observation.task_id, None)

    def _take(self, observation: Observation, *, is_stopping: bool) -> None:
        if isinstance(observation, Started | Waiting | Held | Warned):
            self._on_event(event_of(observation, self._graph, self._recovery))
            return
        task_id = observation.task_id
        match observation:
            case Finished(is_reused=True):
                del self._handles[task_id]
                self._schedule.done(task_id)
                self.reused.append(task_id)
                name = name_of(self._graph.tasks[task_id])
                self._on_event(TaskReused(task_id=task_id, name=name))
            case Finished():
                del self._handles[task_id]
                record = observation.record or stored_record(self._graph.tasks[task_id])
                if record is None:
                    cause = "The worker reported success, but no result is stored."
                    missing = Failure(kind=FailureKind.LOST, cause=cause)
                    self._fail(Failed(task_id=task_id, failure=missing, log=None), is_stopping)
                else:
                    self._finish(task_id, record)
            case Failed():
                del self._handles[task_id]
                self._fail(observation, is_stopping)
            case Cancelled():
                del self._handles[task_id]
            case _:
                assert_never(observation)

    def _finish(self, task_id: str, record: TaskRecord) -> None:
        self._schedule.done(task_id)
        self.records.append(record)
        self._on_event(TaskFinished(record=record))
        if (exceeded := exceeded_memory(record)) is not None:
            self._on_event(exceeded)

    def _fail(self, seen: Failed, is_stopping: bool) -> None:
        task_id = seen.task_id
        task = self._graph.tasks[task_id]
        failure = failure_of_task(seen, task, self._recovery)
        upstream = self._graph.upstream[task_id]
        damaged = tuple(up for up in upstream if not is_stored(self._graph.tasks[up]))
        verdict = self._recovery.judge(
            task_id,
            seen.failure.kind,
            is_upstream_damaged=bool(damaged),
            attempts=seen.attempts,
        )
        if self.failures or is_stopping:
            verdict = Verdict.GIVE_UP
        match verdict:
            case Verdict.REPAIR:
                self._schedule.add(
                    plan(
                        self._graph,
                        lambda other: other is not task and is_stored(other),
                        targets=(task_id,),
                    )
                )
                self._schedule.again(task_id)
                self._on_event(UpstreamRepaired(failure=failure, upstream=damaged))
            case Verdict.RETRY:
                self._schedule.again(task_id)
                self._on_event(TaskFailed(failure=failure, will_retry=True))
            case Verdict.GIVE_UP:
                self._schedule.give_up([task_id])
                self.failures.append(failure)
                self._on_event(TaskFailed(failure=failure, will_retry=False))
