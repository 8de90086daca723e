from __future__ import annotations

from typing import Any

import luigi
import pytest
from gokart_store import JsonFormat, StoredTask, UpstreamListParameter
from yule_runner import GraphError, GraphSource, collect, load_graph


class Node(StoredTask[Any]):
    format = JsonFormat()
    name = luigi.Parameter()
    parts = UpstreamListParameter(default=())

    def __repr__(self) -> str:
        return f"Node({self.name})"  # gokart's own writes the whole tree, and luigi asks for it


class Ring(StoredTask[Any]):
    format = JsonFormat()
    position = luigi.IntParameter()

    def requires(self) -> Any:
        return {"next": Ring(position=(self.position + 1) % 3)}


def test_tasks_come_after_their_upstream_and_only_once() -> None:
    base = Node(name="base")
    left, right = (Node(name=name, parts=(base,)) for name in ("left", "right"))
    top = Node(name="top", parts=(left, right))
    graph = collect([top, left])
    assert [task.name for task in graph.tasks.values()] == ["base", "left", "right", "top"]
    assert graph.upstream[top.make_unique_id()] == (left.make_unique_id(), right.make_unique_id())
    assert graph.targets == (top.make_unique_id(), left.make_unique_id())


def test_a_chain_may_be_deeper_than_the_stack_of_python() -> None:
    task = Node(name="bottom")
    for _ in range(3000):
        task = Node(name="link", parts=(task,))
    assert len(collect([task])) == 3001


def test_a_circle_is_named() -> None:
    with pytest.raises(GraphError, match="circle: Ring -> Ring -> Ring -> Ring"):
        collect([Ring(position=0)])


def test_a_factory_must_return_tasks(demo_site: Any) -> None:
    with pytest.raises(GraphError, match=r"must return a sequence of StoredTask, got \['a', 'b'\]"):
        load_graph(GraphSource(factory="demo-not_tasks", arguments={}))


def test_equal_sources_have_equal_keys() -> None:
    one = GraphSource(factory="f", arguments={"a": 1, "b": [2]})
    other = GraphSource(factory="f", arguments={"b": [2], "a": 1})
    assert one.key == other.key
    assert one.key != GraphSource(factory="g", arguments=one.arguments).key
