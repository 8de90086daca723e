"""A persistent worker: runs what its driver sends until the driver says stop, or dies."""

from __future__ import annotations

import faulthandler
import signal
import sys
import traceback

from yule_runner.messages import ChunkEnded, RunChunk, Stop, TaskBegan, TaskMissed, WorkerReady
from yule_runner.worker.attempt import attempt, order_failure
from yule_runner.worker.link import Link
from yule_runner.worker.once import DONE, TERMINATED
from yule_runner.worker.orders import OrderBook
from yule_runner.worker.termination import die_with_driver, interrupt_on_sigterm

__all__ = ["serve"]


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
        failure = order_failure(error)
        for task_id in chunk.task_ids:
            link.send(TaskMissed(task_id=task_id, failure=failure))
        return
    for task_id, task in zip(chunk.task_ids, tasks, strict=True):
        link.send(TaskBegan(task_id=task_id))
        link.send(attempt(task_id, task, link.send))
