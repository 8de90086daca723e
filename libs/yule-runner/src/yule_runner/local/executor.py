"""Runs work orders in persistent, spawned worker processes on this machine."""

from __future__ import annotations

import selectors
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from gokart_store import Resources

from yule_runner.errors import ExecutorError
from yule_runner.executor import (
    Cancelled,
    Failed,
    Finished,
    Handle,
    Observation,
    Started,
    Submission,
    Waiting,
)
from yule_runner.failure import Failure, FailureKind
from yule_runner.local.batch import Batch, Chunk
from yule_runner.local.death import cause_of_death, oom_kills
from yule_runner.local.ledger import Ledger
from yule_runner.local.process import WorkerProcess
from yule_runner.messages import (
    ChunkEnded,
    Reply,
    RunChunk,
    TaskBegan,
    TaskEnded,
    TaskFound,
    TaskMissed,
    TaskWaits,
    WorkerReady,
)

__all__ = ["LocalExecutor"]

_FURTHER_STARTS = 2
_CLOSE_S = 3.0


class LocalExecutor:
    """Up to `workers` processes, started when there is work and kept until `close`.

    Workers die with the thread that first submits or observes: use an executor from one thread.

    Args:
        workers: most processes at a time.
        cpu: cores that running tasks may declare in total.
        memory_gib: memory that running tasks may declare in total.
        gpu: GPUs that running tasks may declare in total.
        logs: folder for what workers and their tasks print, one file per order and worker.
    """

    def __init__(
        self, *, workers: int, cpu: float, memory_gib: float, logs: Path, gpu: int = 0
    ) -> None:
        if workers < 1 or cpu <= 0 or memory_gib <= 0 or gpu < 0:
            raise ExecutorError(
                "Local workers need at least one process, some cpu and some memory, got "
                f"workers={workers}, cpu={cpu}, memory_gib={memory_gib}, gpu={gpu}."
            )
        self._limit = workers
        self._logs = logs.absolute()
        self._ledger = Ledger(cpu=cpu, memory_gib=memory_gib, gpu=gpu)
        self._workers: list[WorkerProcess] = []
        self._batches: dict[str, Batch] = {}
        self._selector = selectors.DefaultSelector()
        self._news: list[Observation] = []
        self._failed_starts = 0
        self._spawned = 0
        self._submitted = 0
        self._oom_kills = oom_kills()

    def __enter__(self) -> LocalExecutor:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def refusal(self, resources: Resources) -> str | None:
        """Say why a task with these needs can never run here; None if it can."""
        return self._ledger.refusal(resources)

    def submit(self, submission: Submission) -> Handle:
        """Queue a group; groups start in the order in which they come, as resources allow."""
        self._submitted += 1
        batch = Batch(submission, name=f"local-{self._submitted}")
        self._batches[batch.handle.name] = batch
        return batch.handle

    def observe(self, timeout_s: float) -> Sequence[Observation]:
        """Return what happened since the last call; wait at most `timeout_s` for something.

        Raises:
            ExecutorError: workers end again and again before they are ready.
        """
        # Not after listening as well: the runner first decides on what was seen, say a failure.
        self._assign()
        if self._workers:
            self._selector.select(0 if self._news else timeout_s)
            for worker in tuple(self._workers):
                self._listen(worker)
        news, self._news = self._news, []
        return news

    def drain(self, handle: Handle) -> None:
        """Forget the waiting tasks of a handle."""
        batch = self._batches.get(handle.name)
        while batch is not None and batch.waiting:
            self._tell(batch, Cancelled(task_id=batch.waiting.popleft()))

    def cancel(self, handle: Handle, *, now: bool = False) -> None:
        """Forget the waiting tasks of a handle, and end the workers that run others of it."""
        self.drain(handle)
        batch = self._batches.get(handle.name)
        if batch is None:
            return
        batch.cancelled = True
        for worker in self._workers:
            if worker.chunk is not None and worker.chunk.batch is batch:
                worker.end(now=now)

    def close(self) -> None:
        """End all workers: idle ones at once, busy ones as after a cancel, then by force."""
        for worker in self._workers:
            if worker.chunk is None and worker.is_ready:
                worker.stop()
            else:
                worker.end(now=not worker.is_ready)
        deadline = time.monotonic() + _CLOSE_S
        for worker in self._workers:
            worker.reap(deadline)
        self._workers.clear()
        self._batches.clear()
        self._selector.close()

    def _assign(self) -> None:
        idle = [w for w in self._workers if w.is_ready and w.chunk is None]
        starting = sum(not worker.is_ready for worker in self._workers)
        for batch in self._batches.values():
            if not idle and len(self._workers) == self._limit:
                break
            resources = batch.submission.resources
            while batch.waiting and idle and self._ledger.room_for(resources):
                self._give(idle.pop(), batch)
            if batch.waiting and not idle:
                useful = min(self._ledger.room_for(resources), len(batch.waiting))
                for _ in range(min(useful - starting, self._limit - len(self._workers))):
                    self._spawn()
                    starting += 1

    def _give(self, worker: WorkerProcess, batch: Batch) -> None:
        file = batch.submission.file
        worker.chunk = batch.take_chunk(self._limit)
        worker.log = self._logs / f"{file.path.stem}.{worker.name}.log"
        worker.send(RunChunk(order=file, task_ids=worker.chunk.task_ids, log=worker.log))
        self._ledger.take(batch.submission.resources)

    def _spawn(self) -> None:
        self._spawned += 1
        name = f"worker-{self._spawned}"
        worker = WorkerProcess(name, log=self._logs / f"{name}.log")
        self._workers.append(worker)
        self._selector.register(worker, selectors.EVENT_READ)

    def _listen(self, worker: WorkerProcess) -> None:
        has_exited = worker.has_exited  # looked at first: what it said is complete then
        for reply in worker.receive():
            self._note(worker, reply)
        if has_exited:
            self._bury(worker)

    def _note(self, worker: WorkerProcess, reply: Reply) -> None:
        match reply:
            case WorkerReady():
                worker.is_ready = True
                self._failed_starts = 0
            case TaskBegan():
                self._news.append(Started(task_id=reply.task_id, worker=worker.name))
            case TaskWaits():
                self._news.append(Waiting(task_id=reply.task_id))
            case TaskEnded() | TaskFound() | TaskMissed() if worker.chunk is not None:
                self._end_task(worker.chunk, reply, worker.log)
            case ChunkEnded():
                self._release(worker)

    def _end_task(self, chunk: Chunk, reply: TaskEnded | TaskFound | TaskMissed, log: Path) -> None:
        end: Finished | Failed
        match reply:
            case TaskEnded(record=record):
                chunk.batch.note(record.seconds)
                end = Finished(task_id=record.task_id, record=record)
            case TaskFound():
                end = Finished(task_id=reply.task_id, record=None, is_reused=True)
            case TaskMissed():
                end = Failed(task_id=reply.task_id, failure=reply.failure, log=log)
        chunk.unfinished.remove(end.task_id)
        self._tell(chunk.batch, end)

    def _tell(self, batch: Batch, end: Finished | Failed | Cancelled) -> None:
        self._news.append(end)
        batch.unended -= 1
        if not batch.unended:
            del self._batches[batch.handle.name]

    def _release(self, worker: WorkerProcess) -> None:
        chunk, worker.chunk = worker.chunk, None
        if chunk is not None:
            self._ledger.give_back(chunk.batch.submission.resources)

    def _bury(self, worker: WorkerProcess) -> None:
        self._selector.unregister(worker)
        self._workers.remove(worker)
        code = worker.bury()
        chunk = worker.chunk
        self._release(worker)
        if not worker.is_ready and not worker.killed_here:
            self._note_failed_start(worker, code)
        if chunk is not None and chunk.batch.cancelled:
            for task_id in chunk.unfinished:
                self._tell(chunk.batch, Cancelled(task_id=task_id))
        elif chunk is not None and chunk.unfinished:
            # It died in the first unfinished task; the others have not been touched.
            lost = chunk.unfinished.popleft()
            chunk.batch.waiting.extendleft(reversed(chunk.unfinished))
            failure = self._loss(code, chunk.batch.submission.resources, worker.peak_gib)
            self._tell(chunk.batch, Failed(task_id=lost, failure=failure, log=worker.log))

    def _loss(self, code: int, resources: Resources, peak_gib: float | None) -> Failure:
        kills = oom_kills()
        cause = cause_of_death(code, resources, peak_gib=peak_gib, was_oom=kills > self._oom_kills)
        self._oom_kills = kills
        return Failure(kind=FailureKind.LOST, cause=cause)

    def _note_failed_start(self, worker: WorkerProcess, code: int) -> None:
        self._failed_starts += 1
        if self._failed_starts >= self._limit + _FURTHER_STARTS:
            last = worker.log.read_text(errors="replace").strip()[-2000:]
            raise ExecutorError(
                f"Worker processes do not start: {self._failed_starts} in a row ended with exit "
                f"code {code} before they were ready. The last one said:\n{last or '(nothing)'}"
            )
