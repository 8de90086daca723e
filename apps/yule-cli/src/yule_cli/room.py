"""Whether the tasks of a case find room: on this machine, or in the pools of its cluster."""

from __future__ import annotations

from collections.abc import Iterator

from yule_runner import Plan, collect, plan

from yule_cli.config.cluster import Cluster
from yule_cli.config.document import FieldPath
from yule_cli.config.model import Run
from yule_cli.executors import node_pools
from yule_cli.graph import CaseGraph
from yule_cli.machine import Machine

__all__ = ["room_problems"]


def room_problems(graph: CaseGraph, machine: Machine, run: Run) -> Iterator[tuple[FieldPath, str]]:
    """Yield what has no room, of the tasks to be computed: the field to blame, and the problem."""
    todo = plan(collect(graph.targets), lambda task: task.complete())
    if run.cluster is not None:
        yield from _in_pools(todo, run.cluster)
    else:
        yield from _here(todo, machine, run)


def _in_pools(todo: Plan, cluster: Cluster) -> Iterator[tuple[FieldPath, str]]:
    from yule_runner.kubernetes import PoolError, place

    try:
        place(todo.groups, node_pools(cluster.pools))
    except PoolError as error:
        for line in str(error).splitlines():
            yield ("run", "cluster", "pools"), f"cannot run the case: {line}"


def _here(todo: Plan, machine: Machine, run: Run) -> Iterator[tuple[FieldPath, str]]:
    too_much = {
        f"{group.name.rpartition('.')[2]} {group.resources.memory_gib:g} GiB"
        for group in todo.groups
        if group.resources.memory_gib > machine.memory_gib
    }
    if too_much:
        declared = ", ".join(sorted(too_much))
        yield (
            ("run", "memory_gib") if run.memory_gib else ("run",),
            f"gives tasks {machine.memory_gib:.3g} GiB of memory, and some declare more: "
            f"{declared}. {'Allow more, or run' if run.memory_gib else 'Run'} the case on a larger "
            "machine.",
        )
