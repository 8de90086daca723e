from __future__ import annotations

from typing import Any

import luigi
from gokart_store import JsonFormat, Resources, StoredTask, UpstreamListParameter
from hypothesis import given
from hypothesis import strategies as st
from yule_runner import Graph, collect, plan
from yule_runner.schedule import Schedule


class Table(StoredTask[Any]):
    format = JsonFormat()
    name = luigi.Parameter()


class Fit(StoredTask[Any]):
    format = JsonFormat()
    name = luigi.Parameter()
    parts = UpstreamListParameter(default=())

    def required_resources(self) -> Resources:
        return Resources(cpu=2, memory_gib=8 if self.name.startswith("big") else 1)


class Blend(StoredTask[Any]):
    format = JsonFormat()
    parts = UpstreamListParameter()


def example() -> Graph:
    rows, columns = Table(name="rows"), Table(name="columns")
    fits = tuple(Fit(name=name, parts=(rows, columns)) for name in ("a", "b", "big"))
    return collect([Blend(parts=fits)])


def named(graph: Graph, task_id: str) -> str:
    task = graph.tasks[task_id]
    return str(getattr(task, "name", "blend"))


def described(graph: Graph, stored: set[str]) -> list[tuple[int, str, float, list[str]]]:
    todo = plan(graph, lambda task: named(graph, task.make_unique_id()) in stored)
    return [
        (
            group.level,
            group.name.rpartition(".")[2],
            group.resources.memory_gib,
            [named(graph, task_id) for task_id in group.task_ids],
        )
        for group in todo.groups
    ]


def test_siblings_are_tasks_of_one_class_level_and_need() -> None:
    assert described(example(), stored=set()) == [
        (0, "Table", 1, ["rows", "columns"]),
        (1, "Fit", 1, ["a", "b"]),
        (1, "Fit", 8, ["big"]),
        (2, "Blend", 1, ["blend"]),
    ]


def test_the_upstream_of_what_is_stored_is_not_needed() -> None:
    assert described(example(), stored={"a", "big"}) == [
        (0, "Table", 1, ["rows", "columns"]),
        (1, "Fit", 1, ["b"]),
        (2, "Blend", 1, ["blend"]),
    ]
    assert described(example(), stored={"a", "b", "big"}) == [(0, "Blend", 1, ["blend"])]


def test_completeness_is_asked_once_per_task_and_not_below_complete_ones() -> None:
    graph = example()
    asked: list[str] = []

    def is_complete(task: StoredTask[Any]) -> bool:
        asked.append(named(graph, task.make_unique_id()))
        return asked[-1] != "blend"

    todo = plan(graph, is_complete)
    assert sorted(asked) == ["a", "b", "big", "blend"]
    assert len(todo.reused) == 5


@given(
    edges=st.lists(st.sets(st.integers(0, 30), max_size=4), min_size=1, max_size=30),
    stored=st.sets(st.integers(0, 30)),
    order=st.randoms(use_true_random=False),
)
def test_every_needed_task_starts_once_and_after_its_upstream(
    edges: list[set[int]], stored: set[int], order: Any
) -> None:
    tasks: list[Fit] = []
    for number, below in enumerate(edges):
        parts = tuple(tasks[i] for i in sorted(below) if i < number)
        tasks.append(Fit(name=str(number), parts=parts))
    graph = collect(tasks)
    todo = plan(graph, lambda task: int(task.name) in stored)
    schedule = Schedule(graph)
    schedule.add(todo)
    started: list[str] = []
    running: list[str] = []
    done = set(todo.reused)
    while schedule.pending:
        for group in schedule.take_ready():
            for task_id in group.task_ids:
                assert set(graph.upstream[task_id]) <= done
                started.append(task_id)
                running.append(task_id)
        task_id = running.pop(order.randrange(len(running)))
        done.add(task_id)
        schedule.done(task_id)
    assert sorted(started) == sorted(todo.needed)
    assert set(todo.needed) == {
        task_id for task_id, task in graph.tasks.items() if int(task.name) not in stored
    }


def test_a_result_that_is_needed_again_holds_its_dependants_back() -> None:
    graph = example()
    schedule = Schedule(graph)
    schedule.add(plan(graph, lambda _: False))
    (tables,) = schedule.take_ready()
    for task_id in tables.task_ids:
        schedule.done(task_id)
    small, big = schedule.take_ready()
    rows, _ = tables.task_ids
    # `big` finds that rows is damaged; the smaller fits are through already.
    for task_id in small.task_ids:
        schedule.done(task_id)
    schedule.add(
        plan(
            graph,
            lambda task: task.make_unique_id() not in (*big.task_ids, rows),
            targets=big.task_ids,
        )
    )
    schedule.again(big.task_ids[0])
    assert [group.task_ids for group in schedule.take_ready()] == [(rows,)]
    schedule.done(rows)
    assert [group.task_ids for group in schedule.take_ready()] == [big.task_ids]
