"""Runs queries of one database side by side, each on one thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from queue import SimpleQueue
from typing import TypeVar

import duckdb

__all__ = ["abreast"]

_PATIENCE_S = 0.05
_Found = TypeVar("_Found")


def abreast(
    connection: duckdb.DuckDBPyConnection,
    jobs: Iterable[Callable[[duckdb.DuckDBPyConnection], _Found]],
    *,
    threads: int,
) -> Generator[_Found]:
    """What several jobs give, in their order.

    Threads that share one query wait for each other at each of its steps, and what a step hands to
    Python is handed over by one of them; threads with a query each do neither. From here on no
    query of the database runs on more than one thread.

    Args:
        connection: A connection to the database.
        jobs: Each is given a connection of its own to the same database, and drawn when it is its
            turn: no more than twice as many as threads are under way, or done and not taken.
        threads: How many jobs run at a time.

    Raises:
        duckdb.Error: A job has; the others are interrupted, as they are where nobody draws on.
    """
    connection.execute("SET threads = 1")
    held: deque[Future[_Found]] = deque()
    with ExitStack() as stack:
        own = [stack.enter_context(connection.cursor()) for _ in range(threads)]
        free: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()
        for one in own:
            one.execute("SET TimeZone = 'UTC'")
            free.put(one)

        def run(job: Callable[[duckdb.DuckDBPyConnection], _Found]) -> _Found:
            mine = free.get()
            try:
                return job(mine)
            finally:
                free.put(mine)

        pool = stack.enter_context(ThreadPoolExecutor(threads, thread_name_prefix="duckdb"))
        try:
            for job in jobs:
                held.append(pool.submit(run, job))
                if len(held) == 2 * threads:
                    yield held.popleft().result()
            while held:
                yield held.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            begun = [one for one in held if not one.cancelled()]
            while wait(begun, timeout=_PATIENCE_S).not_done:
                for one in own:
                    one.interrupt()
