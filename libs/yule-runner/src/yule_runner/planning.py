"""What has to be computed, in which groups: a pure function of the graph and of what is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gokart_store import Resources, StoredTask

from yule_runner.graph import Graph, name_of

__all__ = ["Group", "Plan", "plan"]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Sibling tasks: same class, same level, same needs. A cluster runs them as one indexed job.

    Attributes:
        name: the tasks' class with its module, as `mushroom.tasks.labels.LabelRows`.
        level: length of the longest chain of needed tasks below them, from 0.
        resources: what each single task declares.
        task_ids: the siblings, in the graph's order.
    """

    name: str
    level: int
    resources: Resources
    task_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a run computes.

    Attributes:
        groups: the needed tasks, by level; no task depends on a sibling or on a later group.
        reused: the graph's other tasks: stored, or only needed by what is stored.
    """

    groups: tuple[Group, ...]
    reused: tuple[str, ...]

    @property
    def needed(self) -> tuple[str, ...]:
        """Ids of the tasks to compute, upstream first."""
        return tuple(task_id for group in self.groups for task_id in group.task_ids)


def plan(
    graph: Graph,
    is_complete: Callable[[StoredTask[Any]], bool],
    *,
    targets: Sequence[str] | None = None,
) -> Plan:
    """Decide what to compute: walk down from the targets and stop at complete tasks.

    Args:
        graph: the tasks.
        is_complete: says whether a task's result is stored; asked at most once per task.
        targets: ids to reach; the graph's own by default.
    """
    needed = _needed(graph, is_complete, graph.targets if targets is None else targets)
    levels: dict[str, int] = {}
    siblings: dict[tuple[int, str, Resources], list[str]] = {}
    for task_id, task in graph.tasks.items():
        if task_id in needed:
            below = (levels[up] for up in graph.upstream[task_id] if up in needed)
            level = levels[task_id] = 1 + max(below, default=-1)
            key = (level, name_of(task), task.required_resources())
            siblings.setdefault(key, []).append(task_id)
    groups = (
        Group(name=name, level=level, resources=resources, task_ids=tuple(task_ids))
        for (level, name, resources), task_ids in siblings.items()
    )
    return Plan(
        groups=tuple(sorted(groups, key=lambda group: group.level)),
        reused=tuple(task_id for task_id in graph.tasks if task_id not in needed),
    )


def _needed(
    graph: Graph, is_complete: Callable[[StoredTask[Any]], bool], targets: Sequence[str]
) -> set[str]:
    seen = set(targets)
    needed: set[str] = set()
    stack = list(targets)
    while stack:
        task_id = stack.pop()
        if not is_complete(graph.tasks[task_id]):
            needed.add(task_id)
            below = [up for up in graph.upstream[task_id] if up not in seen]
            seen.update(below)
            stack.extend(below)
    return needed
