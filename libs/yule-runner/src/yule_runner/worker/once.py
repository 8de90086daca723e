"""One order, one process: what a pod runs."""

from __future__ import annotations

import logging
from functools import partial

from gokart_store import run_task

from yule_runner.errors import YuleRunnerError
from yule_runner.order import OrderFile
from yule_runner.worker.orders import OrderBook
from yule_runner.worker.termination import interrupt_on_sigterm

__all__ = ["BAD_ORDER", "DONE", "TASK_FAILED", "TERMINATED", "work"]

DONE = 0
BAD_ORDER = 64
TASK_FAILED = 65
TERMINATED = 143

_log = logging.getLogger(__name__)


def work(file: OrderFile) -> int:
    """Run the tasks of an order that are not stored yet, and return the process's exit code.

    Each result is stored as soon as it is there: a process that is killed and started again goes
    on after the last one. A task's failure does not keep its siblings from running.

    Returns:
        0 when every result is stored, 64 for an order that cannot be carried out, 65 when a task
        failed, 143 after SIGTERM.
    """
    book = OrderBook()
    code = DONE
    with interrupt_on_sigterm():
        try:
            tasks = book.tasks(file, book.order(file).task_ids)
        except YuleRunnerError as error:
            _log.error("%s", error)
            return BAD_ORDER
        except KeyboardInterrupt:
            return TERMINATED
        for task in tasks:
            name = f"{type(task).__name__} {task.make_unique_id()}"
            try:
                _log.info("%s starts", name)
                run_task(task, on_wait=partial(_log.info, "%s waits for another run", name))
            except KeyboardInterrupt:
                _log.warning("%s was terminated", name)
                return TERMINATED
            except (Exception, SystemExit):
                _log.exception("%s failed", name)
                code = TASK_FAILED
    return code
