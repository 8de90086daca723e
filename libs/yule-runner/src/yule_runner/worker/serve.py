"""A persistent worker: runs what its driver sends until the driver says stop, or dies."""

from __future__ import annotations

import faulthandler
import logging
import signal
import sys
import traceback

from gokart_store import StoredTask, run_task

from yule_runner.errors import YuleRunnerError
from yule_runner.failure import Failure, FailureKind, failure_of
from yule_runner.messages import (
    ChunkEnded,
    RunChunk,
    Stop,
    TaskBegan,
    TaskEnded,
    TaskFound,
    TaskMissed,
    TaskWaits,
    WorkerReady,
)
from yule_runner.worker.link import Link
from yule_runner.worker.once import DONE, TERMINATED
from yule_runner.worker.orders import OrderBook
from yule_runner.worker.termination import die_with_driver, interrupt_on_sigterm

__all__ = ["serve"]

_log = logging.getLogger(__name__)


def serve() -> int:
    """Serve the driver at the other end of standard input and output; return the exit code."""
    link = Link()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the driver's to handle
    die_with_driver(link.commands_fd)
    faulthandler.enable(file=sys.stderr.fileno())
    book = OrderBook()
    try:
        with interrupt_on_sigterm():
            link.send(WorkerReady())
            for command in link.commands():
                match command:
                    case RunChunk():
                        _run(command, book, link)
                        link.send(ChunkEnded())
                    case Stop():
                        break
    except KeyboardInterrupt:
        return TERMINATED
    return DONE


def _run(chunk: RunChunk, book: OrderBook, link: Link) -> None:
    try:
        link.log_to(chunk.log)
        tasks = book.tasks(chunk.order, chunk.task_ids)
    except Exception as error:  # a factory may raise anything
        traceback.print_exc()
        failure = _order_failure(error)
        for task_id in chunk.task_ids:
            link.send(TaskMissed(task_id=task_id, failure=failure))
        return
    for task_id, task in zip(chunk.task_ids, tasks, strict=True):
        link.send(TaskBegan(task_id=task_id))
        link.send(_attempt(task_id, task, link))


def _attempt(
    task_id: str, task: StoredTask[object], link: Link
) -> TaskEnded | TaskFound | TaskMissed:
    _log.info("%s %s starts", type(task).__name__, task_id)
    try:
        record = run_task(task, on_wait=lambda: link.send(TaskWaits(task_id=task_id)))
    except (Exception, SystemExit) as error:
        _log.exception("%s %s failed", type(task).__name__, task_id)
        return TaskMissed(task_id=task_id, failure=failure_of(error))
    if record is None:
        _log.info("%s %s was stored by another run", type(task).__name__, task_id)
        return TaskFound(task_id=task_id)
    _log.info("%s %s ended after %.3f s", type(task).__name__, task_id, record.seconds)
    return TaskEnded(record=record)


def _order_failure(error: Exception) -> Failure:
    failure = failure_of(error)
    cause = str(error) if isinstance(error, YuleRunnerError) else failure.cause
    return Failure(kind=FailureKind.ORDER, cause=cause, traceback=failure.traceback)
