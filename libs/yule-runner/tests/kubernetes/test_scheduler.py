"""Where pods go, who has to go for them, and what the scheduler says of the others."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from yule_runner.testing.kubernetes import Cluster
from yule_runner.testing.kubernetes.api.deletion import DeleteOptions
from yule_runner.testing.kubernetes.resources import BY_KIND
from yule_runner.testing.kubernetes.status import ApiError

Json = dict[str, Any]

POD, NODE, EVENT, PRIORITY = (BY_KIND[kind] for kind in ("Pod", "Node", "Event", "PriorityClass"))


class Bench:
    """A cluster whose nodes have two cores each, and classes `high` and `low`."""

    def __init__(self, *nodes: str) -> None:
        self.cluster = Cluster()
        self.api = self.cluster.api
        for name in nodes or ("n1",):
            self.cluster.add_node(name, allocatable={"cpu": "2", "memory": "8Gi", "pods": "10"})
        for name, value in (("high", 1000), ("low", 10)):
            self.api.create(PRIORITY, "", {"metadata": {"name": name}, "value": value})

    def pod(self, name: str, priority: str = "", cpu: str = "1", **spec: Any) -> None:
        container = {"name": "main", "image": "yule", "resources": {"requests": {"cpu": cpu}}}
        wanted = {"containers": [container]} | ({"priorityClassName": priority} if priority else {})
        self.api.create(POD, "default", {"metadata": {"name": name}, "spec": wanted | spec})
        self.cluster.settle()

    def get(self, name: str) -> Json:
        return self.api.get(POD, "default", name)

    def is_placed(self, name: str) -> bool:
        try:
            return "nodeName" in self.get(name)["spec"]
        except ApiError:
            return False

    def told(self, name: str) -> list[str]:
        events = self.cluster.store.objects(EVENT, "default")
        about = [each for each in events if each["involvedObject"]["name"] == name]
        return [f"{each['reason']}: {each['message']}" for each in about]

    def confirm(self, name: str) -> None:
        """Remove a pod that was told to go, as its kubelet does."""
        self.api.delete(POD, "default", name, DeleteOptions(grace_period_s=0))
        self.cluster.settle()


def test_a_pod_of_higher_priority_takes_the_place_of_a_lower_one() -> None:
    bench = Bench()
    bench.pod("cheap", "low")
    bench.pod("middle")
    bench.pod("urgent", "high")

    victim, urgent = bench.get("middle"), bench.get("urgent")
    assert "deletionTimestamp" in victim["metadata"]
    (condition,) = [
        each for each in victim["status"]["conditions"] if each["type"] == "DisruptionTarget"
    ]
    assert (condition["reason"], condition["message"]) == (
        "PreemptionByScheduler",
        "default-scheduler: preempting to accommodate a higher priority pod",
    )
    by = f"Preempted: Preempted by pod {urgent['metadata']['uid']} on node n1"
    assert by in bench.told("middle")
    assert urgent["status"]["nominatedNodeName"] == "n1"
    assert bench.told("urgent") == [
        "FailedScheduling: 0/1 nodes are available: 1 Insufficient cpu."
    ]
    assert "deletionTimestamp" not in bench.get("cheap")["metadata"]

    bench.confirm("middle")
    urgent = bench.get("urgent")
    assert urgent["spec"]["nodeName"] == "n1"
    assert "nominatedNodeName" not in urgent["status"]


def test_the_room_that_is_made_is_kept_for_whom_it_was_made() -> None:
    bench = Bench()
    bench.pod("a", "low", "2")
    bench.pod("urgent", "high", "2")
    bench.pod("late", "low", "1")
    bench.confirm("a")
    assert bench.get("urgent")["spec"]["nodeName"] == "n1"
    assert "nodeName" not in bench.get("late")["spec"]


def test_the_node_that_loses_least_is_chosen() -> None:
    bench = Bench("n1", "n2")
    bench.pod("dear", "high", "2")
    bench.pod("cheap", "low", "2")
    bench.pod("urgent", "high", "2")
    assert "deletionTimestamp" in bench.get("cheap")["metadata"]
    assert "deletionTimestamp" not in bench.get("dear")["metadata"]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (
            {"cpu": "1"},
            "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: "
            "0/1 nodes are available: 1 No preemption victims found for incoming pod.",
        ),
        (
            {"cpu": "3"},
            "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: "
            "0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
        ),
        (
            {"priority": "high", "preemptionPolicy": "Never"},
            "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: "
            "not eligible due to preemptionPolicy=Never.",
        ),
    ],
)
def test_why_nobody_has_to_go_is_said(spec: Json, message: str) -> None:
    bench = Bench()
    bench.pod("first", cpu="2")
    never = {"metadata": {"name": "meek"}, "value": 1000, "preemptionPolicy": "Never"}
    bench.api.create(PRIORITY, "", never)
    policy = spec.pop("preemptionPolicy", None)
    bench.pod("second", **(spec | ({"priority": "meek"} if policy else {})))
    assert bench.told("second") == [f"FailedScheduling: {message}"]


def test_each_reason_is_counted_and_all_are_in_order() -> None:
    bench = Bench()
    bench.cluster.add_node("far", taints=[{"key": "a", "value": "b", "effect": "NoSchedule"}])
    container = {"requests": {"cpu": "3", "memory": "9Gi"}}
    bench.pod("p", containers=[{"name": "main", "image": "yule", "resources": container}])
    assert bench.told("p") == [
        "FailedScheduling: 0/2 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, "
        "1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/2 nodes "
        "are available: 2 Preemption is not helpful for scheduling."
    ]


def test_only_a_change_that_may_help_is_a_reason_to_try_again() -> None:
    bench = Bench()
    bench.pod("first")
    bench.pod("wide", cpu="2")
    bench.cluster.add_node("small", allocatable={"cpu": "1"})
    bench.cluster.advance(30)
    assert len(bench.told("wide")) == 1

    for _ in range(3):
        bench.cluster.advance(30)
        node = bench.api.get(NODE, "", "n1")
        labels = {"seen": str(bench.cluster.clock.now_s)}
        body = node | {"metadata": node["metadata"] | {"labels": labels}}
        bench.api.update(NODE, "", "n1", body)
        bench.cluster.settle()
    events = bench.cluster.store.objects(EVENT, "default")
    counts = [
        each.get("series", {}).get("count", 1)
        for each in events
        if each["involvedObject"]["name"] == "wide"
    ]
    # Each of the first two attempts marked the pod anew; what comes later is about the same pod.
    assert sorted(counts) == [1, 1, 2]


def test_a_pod_with_gates_waits_until_they_are_gone() -> None:
    bench = Bench()
    bench.pod("held", schedulingGates=[{"name": "example.com/a"}, {"name": "example.com/b"}])
    (condition,) = bench.get("held")["status"]["conditions"]
    assert (condition["reason"], bench.told("held")) == ("SchedulingGated", [])

    def gates(*names: str) -> None:
        patch = {"spec": {"schedulingGates": [{"name": name} for name in names]}}
        media_type = "application/merge-patch+json"
        bench.api.patch(POD, "default", "held", patch, media_type)
        bench.cluster.settle()

    gates("example.com/b")
    assert "nodeName" not in bench.get("held")["spec"]
    with pytest.raises(ApiError, match="found new scheduling gate"):
        gates("example.com/b", "example.com/c")
    gates()
    assert bench.get("held")["spec"]["nodeName"] == "n1"


def test_of_those_that_wait_the_most_important_then_the_first_to_come_gets_the_room() -> None:
    bench = Bench()
    bench.pod("full", "high", "2")
    for name, priority in (("z", ""), ("b", ""), ("d", "low"), ("a", "low"), ("top", "high")):
        bench.pod(name, priority, "2")

    order = ["full", "top", "d", "a", "z", "b"]
    for gone, follower in pairwise(order):
        bench.confirm(gone)
        placed = [name for name in order if name != gone and bench.is_placed(name)]
        assert placed == [follower]
