"""Runs a graph: what is missing is computed, upstream first, by an executor."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gokart_store import TaskRecord

from yule_runner.control import Control
from yule_runner.errors import ResourcesError, RunFailed, RunInterrupted
from yule_runner.events import Event, RunFinished, RunPlanned
from yule_runner.evidence import is_stored
from yule_runner.executor import Executor
from yule_runner.graph import load_graph
from yule_runner.interruption import interruption
from yule_runner.planning import Plan, plan
from yule_runner.source import GraphSource

__all__ = ["RunResult", "run_graph"]


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """What a successful run did.

    Attributes:
        computed: the record of each computed task, in order of completion.
        reused: ids of the graph's tasks that were stored, or only needed by stored ones, or that
            another run computed meanwhile.
        seconds: wall-clock time of the whole run.
    """

    computed: tuple[TaskRecord, ...]
    reused: tuple[str, ...]
    seconds: float


def run_graph(
    source: GraphSource,
    *,
    executor: Executor,
    orders: Path,
    on_event: Callable[[Event], None] = lambda _: None,
    retries: int = 1,
) -> RunResult:
    """Compute what the targets of a graph lack.

    A task whose attempt failed is tried again, `retries` times. If what it reads is missing or
    damaged, that is computed again first, which does not count as an attempt. After the first
    failure for good nothing new is started; the tasks that run come to their end, and are kept.

    Args:
        source: the graph; workers rebuild it.
        executor: what runs the tasks; the caller closes it.
        orders: folder for the work orders.
        on_event: is told everything, in the calling thread; must be quick.
        retries: further attempts for a task.

    Raises:
        SourceError, GraphError: there is no graph to run.
        ResourcesError: a task needs more than the executor will ever have; nothing was started.
        RunFailed: a task failed for good.
        RunInterrupted: Ctrl-C or SIGTERM; only where called in the main thread.
    """
    started = time.monotonic()
    graph = load_graph(source)
    todo = plan(graph, is_stored)
    _check_resources(todo, executor)
    on_event(RunPlanned(total=len(graph), reused=len(todo.reused), groups=todo.groups))
    with interruption() as seen:
        control = Control(
            source=source,
            graph=graph,
            executor=executor,
            orders=orders,
            on_event=on_event,
            retries=retries,
        )
        control.run(todo, seen)
    if seen.signum is not None:
        raise RunInterrupted(seen.signum, unfinished=control.unfinished)
    if control.failures:
        raise RunFailed(tuple(control.failures), not_run=control.unfinished)
    seconds = time.monotonic() - started
    reused = (*todo.reused, *control.reused)
    on_event(RunFinished(computed=len(control.records), reused=len(reused), seconds=seconds))
    return RunResult(computed=tuple(control.records), reused=reused, seconds=seconds)


def _check_resources(todo: Plan, executor: Executor) -> None:
    refused = {group.name: executor.refusal(group.resources) for group in todo.groups}
    for name, reason in refused.items():
        if reason is not None:
            raise ResourcesError(f"{name} cannot run here: {reason}")
