"""What is asked of pods alone: eviction, binding, logs, priorities."""

from __future__ import annotations

from typing import Any

import pytest
from caller import JOB_PATH, MERGE, POD_PATH, Caller, job, pod

Json = dict[str, Any]

RUNNING = {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}


def test_an_evicted_pod_is_disrupted_where_it_runs(call: Caller) -> None:
    call.server.cluster.add_node("n")
    for name in ("waits", "runs"):
        call("POST", POD_PATH, pod(name))
    call("PATCH", f"{POD_PATH}/runs/status", {"status": RUNNING}, MERGE)
    for name in ("waits", "runs"):
        eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name}}
        dry = call.read("POST", f"{POD_PATH}/{name}/eviction?dryRun=All", eviction)
        assert dry[0] == 201
        assert "deletionTimestamp" not in call.read("GET", f"{POD_PATH}/{name}")[1]["metadata"]
        code, done = call.read("POST", f"{POD_PATH}/{name}/eviction", eviction)
        assert (code, done["status"], done["code"]) == (201, "Success", 201)

    marks = {}
    for name in ("waits", "runs"):
        _, found = call.read("GET", f"{POD_PATH}/{name}")
        assert "deletionTimestamp" in found["metadata"]
        conditions = found["status"].get("conditions", [])
        marks[name] = [each["reason"] for each in conditions if each["type"] == "DisruptionTarget"]
    assert marks == {"waits": [], "runs": ["EvictionByEvictionAPI"]}
    code, refused = call.read("POST", f"{POD_PATH}/runs/eviction", {"metadata": {"name": "other"}})
    assert (code, refused["message"]) == (400, "name in URL does not match name in Eviction object")


def test_a_pod_has_one_node(call: Caller) -> None:
    call("POST", POD_PATH, pod("p"))
    target = {"target": {"kind": "Node", "name": "n"}}
    assert call.read("POST", f"{POD_PATH}/p/binding", target)[0] == 201
    bound = call.read("GET", f"{POD_PATH}/p")[1]
    (condition,) = bound["status"]["conditions"]
    assert (bound["spec"]["nodeName"], condition["type"], condition["status"]) == (
        "n",
        "PodScheduled",
        "True",
    )
    code, refused = call.read("POST", f"{POD_PATH}/p/binding", target)
    assert (code, refused["reason"]) == (409, "Conflict")
    assert refused["message"] == (
        'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n"'
    )


def test_the_log_of_a_pod_without_a_node_is_empty(call: Caller) -> None:
    inits = [{"name": "first", "image": "yule"}]
    containers = [{"name": name, "image": "yule"} for name in ("main", "side")]
    call("POST", POD_PATH, pod("p", initContainers=inits, containers=containers))
    answer = call("GET", f"{POD_PATH}/p/log?container=main")
    assert (answer.status, answer.data) == (204, b"")
    _, refused = call.read("GET", f"{POD_PATH}/p/log")
    assert refused["message"].endswith("for pod p, choose one of: [first main side]")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("tailLines=-1", "tailLines: Invalid value: -1: must be greater than or equal to 0"),
        ("limitBytes=0", "limitBytes: Invalid value: 0: must be greater than 0"),
        ("sinceSeconds=5&sinceTime=2026-01-01T00:00:00Z", "at most one of `sinceTime` or `since"),
    ],
)
def test_logs_that_cannot_be_are_refused(call: Caller, query: str, message: str) -> None:
    call("POST", POD_PATH, pod("p"))
    code, refused = call.read("GET", f"{POD_PATH}/p/log?{query}")
    assert code == 422
    assert refused["message"].startswith('PodLogOptions "p" is invalid: ')
    assert message in refused["message"]


def test_pods_get_the_priority_of_their_class_and_none_without_it(call: Caller) -> None:
    template = job("j")["spec"]["template"]
    template["spec"]["priorityClassName"] = "urgent"
    call("POST", JOB_PATH, job("j", template=template))
    call.server.cluster.advance(2)
    _, events = call.read("GET", "/api/v1/namespaces/default/events")
    refused = 'Error creating: pods "j-" is forbidden: no PriorityClass with name urgent was found'
    assert [each["message"] for each in events["items"]] == [refused]

    urgent = {"metadata": {"name": "urgent"}, "value": 7, "preemptionPolicy": "Never"}
    assert call("POST", "/apis/scheduling.k8s.io/v1/priorityclasses", urgent).status == 201
    call.server.cluster.advance(60)
    (made,) = call.read("GET", POD_PATH)[1]["items"]
    assert (made["spec"]["priority"], made["spec"]["preemptionPolicy"]) == (7, "Never")
