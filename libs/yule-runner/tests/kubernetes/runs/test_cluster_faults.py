"""What goes wrong with nodes and pods of a cluster: each row of it, and what comes out."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from yule_runner import FailureKind, RunFailed, TaskFailed, TasksHeld


def test_what_no_node_can_take_is_explained_and_runs_once_one_can(runs: Any, hands: Any) -> None:
    source = runs.bench.scripted({"name": "wide", "cpu": 100})
    driver = runs.start(source, pools=(runs.pool(cpu=128, memory_gib=512),))

    (held,) = runs.until(lambda: driver.told(TasksHeld))
    assert "no node can take the pod now. The scheduler says: 0/1 nodes are available: 1 " in (
        held.reason
    )
    assert "Insufficient cpu." in held.reason
    hands.grow("256")
    hands.run(hands.take())

    driver.wait()
    assert not driver.told(TaskFailed)


def test_an_autoscaler_that_adds_no_node_is_quoted(runs: Any, hands: Any) -> None:
    source = runs.bench.scripted({"name": "wide", "cpu": 100})
    large = runs.pool(name="large", cpu=128, memory_gib=512)
    driver = runs.start(source, pools=(large,))
    (pod,) = runs.until(lambda: runs.core.list_namespaced_pod("default").items)
    said = "pod didn't trigger scale-up: 1 Insufficient cpu, 1 max node group size reached"
    runs.core.create_namespaced_event(
        "default",
        {
            "metadata": {"name": "wide.1"},
            "involvedObject": {
                "kind": "Pod",
                "namespace": "default",
                "name": pod.metadata.name,
                "uid": pod.metadata.uid,
            },
            "reason": "NotTriggerScaleUp",
            "message": said,
            "type": "Normal",
        },
    )

    runs.until(lambda: len(driver.told(TasksHeld)) == 2)

    reason = driver.told(TasksHeld)[1].reason
    assert " on pool large: no node is added for pods that wait for one. The autosca" in reason
    assert reason.endswith("says: 1 Insufficient cpu, 1 max node group size reached")
    hands.grow("256")
    hands.run(hands.take())
    driver.wait()


def test_what_no_node_takes_for_too_long_fails_and_is_gone_before(runs: Any, hands: Any) -> None:
    source = runs.bench.scripted({"name": "wide", "cpu": 100})
    patience = replace(runs.settings().patience, unschedulable_s=0.5)
    driver = runs.start(
        source, pools=(runs.pool(cpu=128, memory_gib=512),), retries=5, patience=patience
    )

    with pytest.raises(RunFailed, match=r"was given up after 0\.5 s: no node can take") as caught:
        driver.wait()
    assert caught.value.failures[0].failure.kind is FailureKind.UNPLACED
    assert not runs.jobs()
    assert not runs.core.list_namespaced_pod("default").items


def test_a_quota_is_shown_and_waited_for(runs: Any, hands: Any) -> None:
    quota = {"metadata": {"name": "small"}, "spec": {"hard": {"pods": "0"}}}
    runs.core.create_namespaced_resource_quota("default", quota)
    driver = runs.start(runs.bench.totals(1))

    (held,) = runs.until(lambda: driver.told(TasksHeld))
    assert "the cluster refuses its pods" in held.reason
    assert "exceeded quota: small" in held.reason
    runs.core.delete_collection_namespaced_resource_quota("default")
    hands.run(hands.take(job="yule-number"))
    hands.run(hands.take(job="yule-sum"))

    driver.wait()
    assert not driver.told(TaskFailed)


def test_a_quota_that_leaves_no_room_for_too_long_fails_the_tasks(runs: Any) -> None:
    quota = {"metadata": {"name": "small"}, "spec": {"hard": {"pods": "0"}}}
    runs.core.create_namespaced_resource_quota("default", quota)
    patience = replace(runs.settings().patience, unschedulable_s=0.5)
    driver = runs.start(runs.bench.totals(1), retries=5, patience=patience)

    with pytest.raises(RunFailed, match=r"after 0\.5 s: the cluster refuses its pods") as caught:
        driver.wait()
    assert caught.value.failures[0].failure.kind is FailureKind.UNPLACED
    assert not runs.jobs()


def test_an_image_that_cannot_be_pulled_fails_in_time_and_its_pods_go_first(
    runs: Any, hands: Any
) -> None:
    patience = replace(runs.settings().patience, image_s=0.5)
    driver = runs.start(runs.bench.totals(1), patience=patience, retries=5)
    pod = hands.take()
    hands.waits(pod, "ErrImagePull", "manifest unknown")
    hands.waits(pod, "ImagePullBackOff", "Back-off pulling image")
    runs.until(lambda: runs.jobs()[0].metadata.deletion_timestamp)
    looks_s = time.monotonic() + 1.0
    runs.until(lambda: time.monotonic() > looks_s)
    assert not driver.told(TaskFailed)
    hands.let_go(pod)

    with pytest.raises(RunFailed, match="cannot be pulled") as caught:
        driver.wait()
    assert len(caught.value.failures) == 1
    assert not runs.jobs()
    assert not runs.core.list_namespaced_pod("default").items


@pytest.mark.parametrize("reason", ["InvalidImageName", "ErrImageNeverPull"])
def test_an_image_that_never_can_be_had_fails_at_once(runs: Any, hands: Any, reason: str) -> None:
    driver = runs.start(runs.bench.totals(1))
    pod = hands.take()
    hands.waits(pod, reason)
    hands.let_go(pod)

    with pytest.raises(RunFailed, match=rf"cannot be used \({reason}\)"):
        driver.wait()


@pytest.mark.simulator
def test_a_cluster_whose_clock_is_ahead_by_an_hour_changes_nothing(runs: Any, hands: Any) -> None:
    driver = runs.start(runs.bench.totals(1), retries=0)
    pod = hands.take(job="yule-number")
    hands.waits(pod, "ImagePullBackOff", "Back-off pulling image")
    runs.until(lambda: driver.told(TasksHeld))

    runs.server.cluster.advance(3600)  # by that clock, far more than the five minutes of an image
    hands.begin(pod)
    hands.run(pod)
    hands.run(hands.take(job="yule-sum"))

    assert len(driver.wait().computed) == 2
    assert not driver.told(TaskFailed)


def test_a_container_that_cannot_be_created_fails_in_time(runs: Any, hands: Any) -> None:
    patience = replace(runs.settings().patience, container_s=0.3)
    driver = runs.start(runs.bench.totals(1), patience=patience)
    pod = hands.take()
    hands.waits(pod, "CreateContainerConfigError", "secret not found")
    hands.let_go(pod)

    with pytest.raises(RunFailed, match=r"cannot be created .*secret not found"):
        driver.wait()


def test_pods_that_never_confirm_their_end_are_replaced_after_the_deadline(
    runs: Any, hands: Any
) -> None:
    patience = replace(runs.settings().patience, terminating_s=0.3)
    driver = runs.start(runs.bench.totals(1), patience=patience, grace_s=1, retries=0)
    lost = hands.take(job="yule-number")
    runs.core.delete_namespaced_pod(lost["metadata"]["name"], "default")

    hands.run(hands.take(job="yule-number"))
    hands.run(hands.take(job="yule-sum"))

    driver.wait()
    (held,) = driver.told(TasksHeld)
    assert "was told to end, and hands has not confirmed it" in held.reason
    assert not driver.told(TaskFailed)
    # The lost pod comes back to life, and does its work once more: the result stays the one.
    assert hands.work(lost) == 0
    assert runs.bench.run(driver.source).computed == ()


@pytest.mark.simulator
def test_the_pods_of_a_machine_that_is_gone_are_replaced(runs: Any, hands: Any) -> None:
    driver = runs.start(runs.bench.totals(1), retries=0)
    hands.take(job="yule-number")

    runs.server.cluster.remove_node("hands")
    with hands.another() as other:
        other.run(other.take(job="yule-number"))
        other.run(other.take(job="yule-sum"))

        driver.wait()
    assert not driver.told(TaskFailed)
    assert len(runs.jobs()) == 2


@pytest.mark.simulator
def test_the_pods_of_a_node_out_of_reach_are_shown_and_run_elsewhere(runs: Any, hands: Any) -> None:
    patience = replace(runs.settings().patience, terminating_s=0.3)
    driver = runs.start(runs.bench.totals(1), patience=patience, grace_s=1, retries=0)
    hands.take(job="yule-number")

    runs.server.cluster.lose_node("hands")
    with hands.another() as other:
        other.run(other.take(job="yule-number"))
        other.run(other.take(job="yule-sum"))

        driver.wait()
    (held,) = driver.told(TasksHeld)
    assert "was told to end, and hands has not confirmed it" in held.reason
    assert not driver.told(TaskFailed)


def test_pods_that_are_collected_at_once_are_accounted_for(runs: Any, hands: Any) -> None:
    driver = runs.start(runs.bench.scripted({"name": "bad", "fails": 9}), retries=0)
    pod = hands.take()
    hands.run(pod)
    runs.core.delete_namespaced_pod(pod["metadata"]["name"], "default")

    with pytest.raises(RunFailed, match="bad was told to fail") as caught:
        driver.wait()
    log = caught.value.failures[0].log
    assert log is not None
    assert log.read_text() == "what the pod printed\n"
