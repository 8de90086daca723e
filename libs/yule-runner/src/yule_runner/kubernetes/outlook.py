"""What becomes of a flight's tasks: found out, and put into observations.

The order of truth: what is stored, then the Job's own word, then its pods, which only explain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from yule_runner.executor import Cancelled, Failed, Finished, Observation, Started, Waiting
from yule_runner.failure import Failure, FailureKind
from yule_runner.kubernetes.causes import OOM_KILLED, cause_of_end
from yule_runner.kubernetes.flight import Batch, Flight, Need
from yule_runner.kubernetes.journals import Told
from yule_runner.kubernetes.printing import printable
from yule_runner.kubernetes.reading import (
    failures_of,
    indexes,
    is_ended,
    last_pods,
    pod_end,
    terminal_condition,
)
from yule_runner.messages import (
    OrderRefused,
    TaskBegan,
    TaskEnded,
    TaskFound,
    TaskMissed,
    TaskWaits,
)

__all__ = ["Outlook"]

Json = dict[str, Any]

_MORE_MEMORY = 1.5


class Outlook:
    """Turns what Jobs, pods and journals say into observations.

    Args:
        tell: gets each observation.
        spend: is told of each task, and of the uid of the Job that has done with it.
        most_memory: returns the most memory that a task of a submission can have, in GiB.
    """

    def __init__(
        self,
        *,
        tell: Callable[[Observation], None],
        spend: Callable[[str, str], None],
        most_memory: Callable[[Batch], float],
    ) -> None:
        self._tell, self._spend, self._most_memory = tell, spend, most_memory
        self._needs: dict[str, Need] = {}

    def need(self, task_id: str, declared_gib: float) -> Need:
        """Return what a task needs, as far as is known."""
        return self._needs.get(task_id, Need(memory_gib=declared_gib))

    def note_pods(self, flight: Flight, pods: list[Json]) -> None:
        """Remember the last pods: they may be collected before their Job is looked at."""
        flight.last = last_pods([*flight.last.values(), *pods])

    def read_journals(self, flight: Flight) -> None:
        """Pass on what pods have told since the last time."""
        for told in flight.journals.news():
            self._hear(flight, told)

    def conclude(self, flight: Flight, job: Json) -> None:
        """Decide on what the Job says has ended."""
        status = job.get("status", {})
        for task_id in flight.tasks_of(indexes(status.get("completedIndexes"))):
            self._end_well(flight, task_id)
        failed = indexes(status.get("failedIndexes"))
        for index in sorted(failed):
            self._fail_index(flight, index)
        terminal = terminal_condition(job)
        if terminal is None or not flight.mine:
            return
        if terminal["type"] == "Complete":
            for task_id in list(flight.mine):
                self._end_well(flight, task_id)
        else:
            self._end_badly(flight, terminal)

    def lose(self, flight: Flight) -> None:
        """Decide on a Job that somebody has deleted: what is stored is done."""
        cause = f"The Job {flight.name} was deleted while it ran."
        for task_id in list(flight.mine):
            if self._is_stored(flight, task_id):
                self.finish(flight, task_id)
            else:
                self.fail(flight, task_id, Failure(kind=FailureKind.LOST, cause=cause))

    def refuse(self, flight: Flight, failure: Failure) -> None:
        """End a flight whose work no attempt will bring about.

        What another run has made says nothing about a Job of our own, which is then made.
        """
        for task_id in list(flight.mine):
            if self._is_stored(flight, task_id):
                self.finish(flight, task_id)
            elif flight.is_own:
                self.fail(flight, task_id, failure)
            else:
                self.move(flight, [task_id])

    def move(
        self, flight: Flight, task_ids: Iterable[str], *, is_on_demand: bool | None = None
    ) -> None:
        """Take tasks off a flight, for another Job to run them; no attempt is counted."""
        for task_id in task_ids:
            batch = flight.mine.pop(task_id)
            self._spend(task_id, flight.uid)
            need = self.need(task_id, batch.submission.resources.memory_gib)
            if is_on_demand is not None:
                need = self._needs[task_id] = replace(need, is_on_demand=is_on_demand)
            batch.unplaced[task_id] = need
            batch.doubted.add(task_id)

    def finish(self, flight: Flight, task_id: str, *, is_reused: bool = False) -> None:
        """Tell that a task's result is stored; the runner looks for itself."""
        self._drop(flight, task_id)
        self._tell(Finished(task_id=task_id, record=None, is_reused=is_reused))

    def fail(
        self,
        flight: Flight,
        task_id: str,
        failure: Failure,
        *,
        log: Path | None = None,
        attempts: int = 1,
    ) -> None:
        """Tell that a task has failed."""
        self._drop(flight, task_id)
        self._tell(Failed(task_id=task_id, failure=failure, log=log, attempts=attempts))

    def cancel(self, flight: Flight, task_id: str) -> None:
        """Tell that nothing runs a task any more."""
        self._drop(flight, task_id)
        self._tell(Cancelled(task_id=task_id))

    def _drop(self, flight: Flight, task_id: str) -> None:
        batch = flight.mine.pop(task_id)
        batch.unended.pop(task_id, None)
        self._spend(task_id, flight.uid)

    def _hear(self, flight: Flight, told: Told) -> None:
        reply = told.reply
        if isinstance(reply, OrderRefused):
            flight.refusal = reply.failure
            return
        if isinstance(reply, TaskEnded):
            if reply.record.task_id in flight.mine:
                self._end_well(flight, reply.record.task_id)
            return
        if not isinstance(reply, TaskBegan | TaskWaits | TaskFound | TaskMissed):
            return
        task_id = reply.task_id
        if task_id not in flight.mine:
            return
        match reply:
            case TaskBegan():
                if task_id in flight.begun:
                    flight.resumed.add(task_id)
                flight.begun[task_id] = told.pod
                self._tell(Started(task_id=task_id, worker=told.pod))
            case TaskWaits():
                self._tell(Waiting(task_id=task_id))
            case TaskFound():
                # Unless an earlier pod was killed between storing the result and telling so.
                self._end_well(flight, task_id, is_reused=task_id not in flight.resumed)
            case TaskMissed():
                log = flight.journals.log(told.index, told.pod)
                self.fail(flight, task_id, reply.failure, log=log)

    def _end_well(self, flight: Flight, task_id: str, *, is_reused: bool = False) -> None:
        """Believe a success only where the result is stored."""
        if self._is_stored(flight, task_id):
            self.finish(flight, task_id, is_reused=is_reused or not flight.is_own)
            return
        pod = flight.last_pod(flight.index_of(task_id))
        cause = f"{pod} ended as if all was well, but no result is stored."
        self.fail(flight, task_id, Failure(kind=FailureKind.LOST, cause=cause))

    def _fail_index(self, flight: Flight, index: int) -> None:
        """Blame the task that was running; those that had not begun are moved elsewhere."""
        left = []
        for task_id in flight.tasks_of([index]):
            if self._is_stored(flight, task_id):
                self.finish(flight, task_id)
            else:
                left.append(task_id)
        if not left:
            return
        begun = [task_id for task_id in left if task_id in flight.begun]
        blamed = begun[-1] if begun else left[0]
        self.move(flight, [task_id for task_id in left if task_id != blamed])
        name, pod = flight.last_pod(index), flight.last.get(index)
        end = pod_end(pod) if pod is not None and is_ended(pod) else None
        cause = cause_of_end(name, end, memory_gib=flight.need.memory_gib)
        attempts = 1 if pod is None else 1 + failures_of(pod)
        if end is not None and end.reason == OOM_KILLED:
            cause = f"{cause} {self._more_memory(flight, blamed)}"
        log = None if pod is None else flight.journals.log(index, name)
        failure = Failure(kind=FailureKind.LOST, cause=cause)
        self.fail(flight, blamed, failure, log=log, attempts=attempts)

    def _more_memory(self, flight: Flight, task_id: str) -> str:
        """Give a task more memory in its next attempt, as far as the pools go; say so."""
        batch = flight.mine[task_id]
        had, most = flight.need.memory_gib, self._most_memory(batch)
        wanted = min(had * _MORE_MEMORY, most)
        declared = batch.submission.resources.memory_gib
        self._needs[task_id] = replace(self.need(task_id, declared), memory_gib=wanted)
        if wanted > had:
            return f"The next attempt has {wanted:g} GiB; declare as much."
        return f"No pool has more than {most:g} GiB for it: describe one that has."

    def _end_badly(self, flight: Flight, terminal: Json) -> None:
        reason, message = terminal.get("reason", ""), printable(terminal.get("message", ""))
        if reason == "PodFailurePolicy" or flight.refusal is not None:
            said = f"The Job {flight.name} failed: {message}"
            self.refuse(flight, flight.refusal or Failure(kind=FailureKind.ORDER, cause=said))
        elif reason in ("FailedIndexes", "MaxFailedIndexesExceeded"):
            # What failed was told; the others were ended with the Job, by no fault of theirs.
            self.move(flight, list(flight.mine))
        else:
            cause = f"The Job {flight.name} failed ({reason}): {message}"
            for task_id in list(flight.mine):
                if self._is_stored(flight, task_id):
                    self.finish(flight, task_id)
                # Where none had begun, another Job would do no better.
                elif flight.begun and task_id not in flight.begun:
                    self.move(flight, [task_id])
                else:
                    self.fail(flight, task_id, Failure(kind=FailureKind.LOST, cause=cause))

    def _is_stored(self, flight: Flight, task_id: str) -> bool:
        return flight.mine[task_id].submission.is_stored(task_id)
