"""Nodes that vanish, on the virtual clock."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from yule_runner.testing.kubernetes import Cluster, serve
from yule_runner.testing.kubernetes.kubelet import ProcessKubelet
from yule_runner.testing.kubernetes.resources import BY_KIND

Json = dict[str, Any]

UNREACHABLE = "node.kubernetes.io/unreachable"


def cluster_with_a_pod(*tolerations: Json) -> Cluster:
    cluster = Cluster()
    cluster.add_node("far")
    container = {"name": "main", "image": "yule", "command": ["true"]}
    spec = {"restartPolicy": "Never", "containers": [container], "tolerations": list(tolerations)}
    cluster.api.create(BY_KIND["Pod"], "default", {"metadata": {"name": "p"}, "spec": spec})
    cluster.settle()
    return cluster


def pod_of(cluster: Cluster) -> Json | None:
    return cluster.store.get(BY_KIND["Pod"], "default", "p")


def test_a_pod_leaves_an_unreachable_node_once_it_no_longer_tolerates_it() -> None:
    patient = {"key": UNREACHABLE, "operator": "Exists", "effect": "NoExecute"}
    cluster = cluster_with_a_pod(patient | {"tolerationSeconds": 60})

    cluster.lose_node("far")
    cluster.advance(59)
    before = pod_of(cluster)
    assert before is not None
    assert "deletionTimestamp" not in before["metadata"]

    cluster.advance(600)
    after = pod_of(cluster)
    assert after is not None
    assert "deletionTimestamp" in after["metadata"]
    assert after["status"]["phase"] == "Pending"
    (condition,) = [
        each for each in after["status"]["conditions"] if each["type"] == "DisruptionTarget"
    ]
    assert condition["reason"] == "DeletionByTaintManager"
    assert (condition["observedGeneration"], condition["lastProbeTime"]) == (1, None)
    events = cluster.store.objects(BY_KIND["Event"])
    told = [each["message"] for each in events if each["reason"] == "TaintManagerEviction"]
    assert told == ["Marking for deletion Pod default/p"]


def test_a_pod_that_tolerates_everything_stays() -> None:
    cluster = cluster_with_a_pod({"operator": "Exists"})

    cluster.lose_node("far")
    cluster.advance(100_000)

    pod = pod_of(cluster)
    assert pod is not None
    assert "deletionTimestamp" not in pod["metadata"]


def test_the_pods_of_a_node_that_is_gone_fail_and_go() -> None:
    cluster = cluster_with_a_pod()

    cluster.remove_node("far")
    cluster.advance(39)
    assert pod_of(cluster) is not None
    cluster.advance(1)

    assert pod_of(cluster) is None
    statuses = [
        change.object["status"]
        for change in cluster.store.changes
        if change.resource is BY_KIND["Pod"]
    ]
    assert statuses[-1]["phase"] == "Failed"
    assert statuses[-1]["conditions"][-1]["reason"] == "DeletionByPodGC"


def test_a_node_that_comes_back_in_time_keeps_its_pods() -> None:
    cluster = cluster_with_a_pod()

    cluster.remove_node("far")
    cluster.advance(30)
    cluster.add_node("far")
    cluster.advance(600)

    assert pod_of(cluster) is not None


def test_a_node_that_is_not_ready_keeps_new_pods_away_until_it_is_again() -> None:
    patient = {"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute"}
    cluster = cluster_with_a_pod(patient | {"tolerationSeconds": 60})
    ready = {"type": "Ready", "status": "True"}
    running = {"phase": "Running", "conditions": [ready]}
    pod = pod_of(cluster)
    assert pod is not None
    patch = {"status": running}
    media_type = "application/strategic-merge-patch+json"
    place = (BY_KIND["Pod"], "default", "p")
    cluster.api.patch(*place, patch, media_type, subresource="status")

    def tell(status: str) -> None:
        patch = {"status": {"conditions": [ready | {"status": status}]}}
        place = (BY_KIND["Node"], "", "far")
        cluster.api.patch(*place, patch, media_type, subresource="status")
        cluster.settle()

    tell("False")
    node = cluster.api.get(BY_KIND["Node"], "", "far")
    assert [(each["key"], each["effect"]) for each in node["spec"]["taints"]] == [
        ("node.kubernetes.io/not-ready", "NoSchedule"),
        ("node.kubernetes.io/not-ready", "NoExecute"),
    ]
    pod = pod_of(cluster)
    assert pod is not None
    conditions = {each["type"]: each["status"] for each in pod["status"]["conditions"]}
    assert conditions == {"PodScheduled": "True", "Ready": "False"}
    events = cluster.store.objects(BY_KIND["Event"])
    told = {each["message"] for each in events if each["reason"] == "NodeNotReady"}
    assert told == {"Node is not ready", "Node far status is now: NodeNotReady"}

    tell("True")
    cluster.advance(600)
    node = cluster.api.get(BY_KIND["Node"], "", "far")
    assert not node["spec"].get("taints")
    pod = pod_of(cluster)
    assert pod is not None
    assert "deletionTimestamp" not in pod["metadata"]


def test_a_kubelet_that_lives_makes_its_node_ready_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yule_runner.testing.kubernetes.kubelet.kubelet._BEAT_S", 0.05)
    with serve(Cluster()) as server:
        kubeconfig = server.write_kubeconfig(tmp_path / "kubeconfig")
        with ProcessKubelet(kubeconfig, tmp_path / "node", name="far") as kubelet:
            server.cluster.lose_node("far")
            assert taints_of(server.cluster, "far", patience_s=30) == []
            kubelet.lose()
        server.cluster.lose_node("far")
        left = taints_of(server.cluster, "far", patience_s=0.3)
    assert {each["key"] for each in left} == {UNREACHABLE}


def taints_of(cluster: Cluster, node: str, *, patience_s: float) -> list[Json]:
    """Wait until a node has no taints; return those that it has in the end."""
    end = time.monotonic() + patience_s
    with cluster.lock:
        while True:
            taints = cluster.api.get(BY_KIND["Node"], "", node)["spec"].get("taints") or []
            left_s = end - time.monotonic()
            if not taints or left_s <= 0:
                return list(taints)
            cluster.lock.wait(left_s)
