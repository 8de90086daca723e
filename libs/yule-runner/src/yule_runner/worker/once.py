"""One order, one process."""

from __future__ import annotations

import logging
from collections.abc import Callable

from gokart_store import GokartStoreError

from yule_runner.messages import OrderRefused, Reply, TaskBegan, TaskMissed
from yule_runner.order import OrderPlace
from yule_runner.worker.attempt import attempt, order_failure
from yule_runner.worker.orders import OrderBook
from yule_runner.worker.respite import Respite
from yule_runner.worker.share import Share
from yule_runner.worker.termination import TERMINATED

__all__ = ["BAD_ORDER", "DONE", "TASK_FAILED", "TERMINATED", "work"]

DONE = 0
BAD_ORDER = 64
TASK_FAILED = 65

_log = logging.getLogger(__name__)


def work(
    place: OrderPlace,
    *,
    share: Share | None = None,
    tell: Callable[[Reply], None] = lambda _: None,
    respite_s: float = 0.0,
) -> int:
    """Run the tasks of an order that are not stored yet, and return the process's exit code.

    Each result is stored as soon as it is there: a process that is killed and started again goes
    on after the last one. A task's failure does not keep its siblings from running.

    Args:
        place: where the order lies.
        share: which of its tasks; None for all.
        tell: is told what happens.
        respite_s: for how long a task may go on after SIGTERM; no other begins then.

    Returns:
        0 when every result is stored, after SIGTERM too; 64 for an order that cannot be carried
        out, 65 when a task failed, 143 after SIGTERM.

    Raises:
        OSError, GokartStoreError: what the order or its factory reads is out of reach: another
            process may have more luck.
    """
    respite = Respite(respite_s)
    with respite.handling():
        try:
            return _work(place, share, tell, respite)
        except KeyboardInterrupt:
            _log.warning("The worker was terminated.")
            return TERMINATED


def _work(
    place: OrderPlace, share: Share | None, tell: Callable[[Reply], None], respite: Respite
) -> int:
    book = OrderBook()
    try:
        task_ids = book.order(place).task_ids
        if share is not None:
            task_ids = share.of(task_ids)
        tasks = book.tasks(place, task_ids)
    except (OSError, GokartStoreError):
        raise
    except Exception as error:  # a factory may raise anything
        failure = order_failure(error)
        _log.error("%s", failure.cause, exc_info=error)
        tell(OrderRefused(failure=failure))
        return BAD_ORDER
    code = DONE
    for task_id, task in zip(task_ids, tasks, strict=True):
        with respite.task():
            tell(TaskBegan(task_id=task_id))
            reply = attempt(task_id, task, tell, on_wait=respite.wait_for_others)
            tell(reply)
        if isinstance(reply, TaskMissed):
            code = TASK_FAILED
    return code
