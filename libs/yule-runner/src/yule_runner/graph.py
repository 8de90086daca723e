"""The task graph: every task that the targets need, upstream first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gokart_store import StoredTask
from luigi.task import flatten

from yule_runner.errors import GraphError
from yule_runner.source import GraphSource, load_factory

__all__ = ["Graph", "collect", "load_graph", "name_of"]

Task = StoredTask[Any]


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Tasks and their dependencies.

    Attributes:
        tasks: unique id -> task, every task after all of its upstream tasks.
        upstream: unique id -> ids of what the task reads directly, without repeats.
        targets: ids of the tasks that were asked for.
    """

    tasks: Mapping[str, Task]
    upstream: Mapping[str, tuple[str, ...]]
    targets: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.tasks)


def name_of(task: Task) -> str:
    """Return a task's class with its module, as `mushroom.tasks.labels.LabelRows`."""
    return f"{type(task).__module__}.{type(task).__qualname__}"


def load_graph(source: GraphSource) -> Graph:
    """Build the graph of a source; the same source gives the same ids in every process.

    Raises:
        SourceError: the factory is not installed.
        GraphError: the factory does not return tasks, or they form a cycle.
    """
    made: object = load_factory(source.factory)(source.arguments)
    if not isinstance(made, Sequence) or not all(isinstance(task, StoredTask) for task in made):
        raise GraphError(
            f"The factory `{source.factory}` must return a sequence of StoredTask, got {made!r}."
        )
    return collect(made)


def collect(targets: Sequence[Task]) -> Graph:
    """Walk `requires()` from the targets, once per task, in time linear in tasks and edges.

    The walk keeps its own stack, so that depth is bounded by memory alone.

    Raises:
        GraphError: tasks require each other in a cycle.
    """
    tasks: dict[str, Task] = {}
    upstream: dict[str, tuple[str, ...]] = {}
    # Identity of the object, not its unique id: ids are computed upstream first, because computing
    # the id of a deep task before its upstream's would recurse to the bottom.
    ids: dict[int, str] = {}
    path: dict[int, Task] = {}
    stack: list[tuple[Task, tuple[Task, ...], Iterator[Task]]] = []

    def enter(task: Task) -> None:
        needs = tuple(flatten(task.requires()))
        path[id(task)] = task
        stack.append((task, needs, iter(needs)))

    for target in targets:
        if id(target) not in ids:
            enter(target)
        while stack:
            task, needs, remaining = stack[-1]
            below = next((need for need in remaining if id(need) not in ids), None)
            if below is None:
                unique_id = ids[id(task)] = str(task.make_unique_id())
                tasks.setdefault(unique_id, task)
                upstream.setdefault(unique_id, tuple(dict.fromkeys(ids[id(n)] for n in needs)))
                del path[id(task)]
                stack.pop()
            elif id(below) in path:
                raise GraphError(_cycle(path.values(), below))
            else:
                enter(below)
    return Graph(
        tasks=tasks,
        upstream=upstream,
        targets=tuple(dict.fromkeys(ids[id(target)] for target in targets)),
    )


def _cycle(path: Iterable[Task], again: Task) -> str:
    names = [type(task).__name__ for task in path]
    start = next(i for i, task in enumerate(path) if task is again)
    circle = " -> ".join([*names[start:], names[start]])
    return f"Tasks require each other in a circle: {circle}. Remove one of these requirements."
