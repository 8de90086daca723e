"""Runs graphs of stored gokart tasks, on local processes or on a cluster.

Names are imported on first use, so that importing this package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yule_runner.errors import (
        ExecutorError,
        GraphError,
        OrderError,
        ResourcesError,
        RunFailed,
        RunInterrupted,
        SourceError,
        YuleRunnerError,
    )
    from yule_runner.events import (
        Event,
        Listener,
        MemoryExceeded,
        RunFinished,
        RunInterrupting,
        RunPlanned,
        RunWarned,
        TaskFailed,
        TaskFinished,
        TaskReused,
        TasksHeld,
        TaskStarted,
        TaskWaiting,
        UpstreamRepaired,
    )
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
    from yule_runner.graph import Graph, collect, load_graph
    from yule_runner.local import LocalExecutor
    from yule_runner.order import (
        OrderFile,
        StoredOrder,
        WorkOrder,
        read_order,
        store_order,
        write_order,
    )
    from yule_runner.planning import Group, Plan, plan
    from yule_runner.progress import describe
    from yule_runner.run import RunResult, run_graph
    from yule_runner.source import GraphSource

__version__ = "0.1.0"

_MODULE_OF = {
    "Cancelled": "executor",
    "Event": "events",
    "Executor": "executor",
    "ExecutorError": "errors",
    "Failed": "executor",
    "Failure": "failure",
    "FailureKind": "failure",
    "Finished": "executor",
    "Graph": "graph",
    "GraphError": "errors",
    "GraphSource": "source",
    "Group": "planning",
    "Handle": "executor",
    "Held": "executor",
    "Listener": "events",
    "LocalExecutor": "local",
    "MemoryExceeded": "events",
    "Observation": "executor",
    "OrderError": "errors",
    "OrderFile": "order",
    "Plan": "planning",
    "ResourcesError": "errors",
    "RunFailed": "errors",
    "RunFinished": "events",
    "RunInterrupted": "errors",
    "RunInterrupting": "events",
    "RunPlanned": "events",
    "RunResult": "run",
    "RunWarned": "events",
    "SourceError": "errors",
    "Started": "executor",
    "StoredOrder": "order",
    "Submission": "executor",
    "TaskFailed": "events",
    "TaskFailure": "failure",
    "TaskFinished": "events",
    "TaskReused": "events",
    "TaskStarted": "events",
    "TaskWaiting": "events",
    "TasksHeld": "events",
    "UpstreamRepaired": "events",
    "Waiting": "executor",
    "Warned": "executor",
    "WorkOrder": "order",
    "YuleRunnerError": "errors",
    "collect": "graph",
    "describe": "progress",
    "load_graph": "graph",
    "plan": "planning",
    "read_order": "order",
    "run_graph": "run",
    "store_order": "order",
    "write_order": "order",
}

__all__ = [
    "Cancelled",
    "Event",
    "Executor",
    "ExecutorError",
    "Failed",
    "Failure",
    "FailureKind",
    "Finished",
    "Graph",
    "GraphError",
    "GraphSource",
    "Group",
    "Handle",
    "Held",
    "Listener",
    "LocalExecutor",
    "MemoryExceeded",
    "Observation",
    "OrderError",
    "OrderFile",
    "Plan",
    "ResourcesError",
    "RunFailed",
    "RunFinished",
    "RunInterrupted",
    "RunInterrupting",
    "RunPlanned",
    "RunResult",
    "RunWarned",
    "SourceError",
    "Started",
    "StoredOrder",
    "Submission",
    "TaskFailed",
    "TaskFailure",
    "TaskFinished",
    "TaskReused",
    "TaskStarted",
    "TaskWaiting",
    "TasksHeld",
    "UpstreamRepaired",
    "Waiting",
    "Warned",
    "WorkOrder",
    "YuleRunnerError",
    "collect",
    "describe",
    "load_graph",
    "plan",
    "read_order",
    "run_graph",
    "store_order",
    "write_order",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
