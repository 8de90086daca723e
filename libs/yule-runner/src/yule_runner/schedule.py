"""Which needed tasks can start now: the state of a plan while it runs; it touches nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from yule_runner.graph import Graph
from yule_runner.planning import Group, Plan

__all__ = ["Schedule"]


class Schedule:
    """Hands out tasks whose upstream is done, as groups of siblings, each step in linear time."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._groups: dict[str, Group] = {}
        self._blockers: dict[str, set[str]] = {}
        self._dependants: dict[str, list[str]] = {}
        self._ready: dict[str, None] = {}
        self._running: set[str] = set()

    @property
    def pending(self) -> int:
        """Number of tasks neither done nor given up: waiting, ready or running."""
        return len(self._groups)

    def add(self, plan: Plan) -> None:
        """Take in the tasks of a plan; those already pending stay as they are.

        A task that was done and is needed again blocks its dependants that have not started.
        """
        fresh = {
            task_id: group
            for group in plan.groups
            for task_id in group.task_ids
            if task_id not in self._groups
        }
        self._groups |= fresh
        for task_id in fresh:
            blockers = {up for up in self._graph.upstream[task_id] if up in self._groups}
            self._blockers[task_id] = blockers
            for up in self._graph.upstream[task_id]:
                self._dependants.setdefault(up, []).append(task_id)
            if not blockers:
                self._ready[task_id] = None
        for task_id in fresh:
            for dependant in self._dependants.get(task_id, ()):
                if dependant in self._groups and dependant not in self._running:
                    self._blockers[dependant].add(task_id)
                    self._ready.pop(dependant, None)

    def take_ready(self) -> tuple[Group, ...]:
        """Hand out all tasks that can start now, as groups by level; they count as running."""
        siblings: dict[tuple[int, str, object], list[str]] = {}
        for task_id in self._ready:
            group = self._groups[task_id]
            siblings.setdefault((group.level, group.name, group.resources), []).append(task_id)
        self._running |= self._ready.keys()
        self._ready.clear()
        groups = (
            Group(
                name=self._groups[task_ids[0]].name,
                level=self._groups[task_ids[0]].level,
                resources=self._groups[task_ids[0]].resources,
                task_ids=tuple(task_ids),
            )
            for task_ids in siblings.values()
        )
        return tuple(sorted(groups, key=lambda group: group.level))

    def done(self, task_id: str) -> None:
        """Note that a task's result is stored: its dependants may become ready."""
        self._forget(task_id)
        for dependant in self._dependants.get(task_id, ()):
            blockers = self._blockers.get(dependant)
            if blockers is not None and task_id in blockers:
                blockers.discard(task_id)
                if not blockers and dependant not in self._running:
                    self._ready[dependant] = None

    def again(self, task_id: str) -> None:
        """Let a task that was running start anew, once whatever blocks it now is done."""
        self._running.discard(task_id)
        self._blockers[task_id] = {up for up in self._graph.upstream[task_id] if up in self._groups}
        if not self._blockers[task_id]:
            self._ready[task_id] = None

    def give_up(self, task_ids: Iterable[str]) -> None:
        """Drop tasks that failed for good; their dependants stay pending and never become ready."""
        for task_id in task_ids:
            self._forget(task_id)

    def _forget(self, task_id: str) -> None:
        self._running.discard(task_id)
        self._ready.pop(task_id, None)
        self._groups.pop(task_id, None)
        self._blockers.pop(task_id, None)
