"""What a driver believes where its two watches, its copies and the cluster do not agree."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from gokart_store import Resources
from yule_runner import (
    Failed,
    Finished,
    Submission,
    TaskFailed,
    TasksHeld,
    WorkOrder,
    load_graph,
    write_order,
)
from yule_runner.testing.kubernetes import Fault

GREEDY = {"name": "greedy", "memory_gib": 8}


def memory_of(pod: Any) -> str:
    text: str = pod["spec"]["containers"][0]["resources"]["limits"]["memory"]
    return text


def cause_of(failed: TaskFailed) -> str:
    return failed.failure.failure.cause


@pytest.mark.simulator
def test_how_a_pod_ended_is_asked_where_its_watch_is_behind(runs: Any, hands: Any) -> None:
    runs.server.faults.add(Fault(kind="silence", verb="watch", plural="pods"))
    driver = runs.start(runs.bench.scripted(GREEDY))

    hands.end(hands.take(), 137, "OOMKilled")
    second = hands.take()
    assert memory_of(second) == "12Gi"
    hands.run(second)

    driver.wait()
    (failed,) = driver.told(TaskFailed)
    assert "ran out of memory: it had 8 GiB" in cause_of(failed)
    assert runs.server.counts["driver", "list", "pods"] == 2


def test_the_end_of_a_pod_that_was_collected_between_two_looks_is_known(
    runs: Any, hands: Any
) -> None:
    patience = replace(runs.settings().patience, reconcile_s=2.0, saved_looks=0)
    driver = runs.start(runs.bench.scripted(GREEDY), patience=patience)
    pod = hands.take()
    hands.end(pod, 137, "OOMKilled")
    runs.core.delete_namespaced_pod(pod["metadata"]["name"], "default")

    second = hands.take()
    assert memory_of(second) == "12Gi"
    hands.run(second)
    driver.wait()


def test_pods_of_a_deleted_job_say_nothing_of_the_next_one_of_its_name(
    runs: Any, hands: Any
) -> None:
    driver = runs.start(runs.bench.scripted(GREEDY), retries=3)
    hands.end(hands.take(), 1)
    lingering = hands.take()
    (name,) = runs.job_names()
    runs.batch.delete_namespaced_job(name, "default", propagation_policy="Background")

    hands.end(hands.take(), 137, "OOMKilled")
    assert runs.job_names()[0] == name
    last = hands.take()
    assert memory_of(last) == "12Gi"
    hands.run(last)

    driver.wait()
    assert "ran out of memory" in cause_of(driver.told(TaskFailed)[-1])
    hands.let_go(lingering)


@pytest.mark.parametrize("end", ["deleted", "failed"])
@pytest.mark.simulator
def test_a_job_that_turns_out_to_be_over_is_not_adopted(runs: Any, hands: Any, end: str) -> None:
    source = runs.bench.scripted({"name": "shared"})
    first = runs.start(source, run="first")
    pod = hands.take()
    first.die()
    runs.server.faults.add(Fault(kind="silence", verb="watch", plural="jobs"))
    with runs.executor(run="second") as executor:
        runs.until(lambda: runs.server.faults.struck)
        if end == "deleted":
            runs.batch.delete_namespaced_job(
                runs.job_names()[0], "default", propagation_policy="Foreground"
            )
        else:
            hands.end(pod, 65)
            runs.until(lambda: runs.jobs()[0].status.conditions)
        executor.submit(submission(runs, source))
        told: list[Any] = []
        runs.until(lambda: told.extend(executor.observe(0.05)) or len(runs.jobs()) == 2)
        if end == "deleted":
            hands.let_go(pod)
        hands.run(hands.take())
        runs.until(lambda: told.extend(executor.observe(0.05)) or ends(told))

    assert [type(each) for each in ends(told)] == [Finished]


def submission(runs: Any, source: Any) -> Submission:
    graph = load_graph(source)
    order = WorkOrder(source=source, task_ids=graph.targets)
    return Submission(
        name="yule_runner_demo.Scripted",
        resources=Resources(),
        order=order,
        file=write_order(order, runs.bench.folder / "orders", name="Scripted"),
        is_stored=lambda task_id: graph.tasks[task_id].complete(),
    )


def ends(told: list[Any]) -> list[Any]:
    return [each for each in told if isinstance(each, Finished | Failed)]


@pytest.mark.simulator
def test_what_was_last_seen_before_the_api_server_went_away_grows_no_older(
    runs: Any, hands: Any
) -> None:
    # A watch lasts a second of ours; then the driver sees nothing any more.
    patience = replace(runs.settings().patience, watch_s=50, image_s=3.0)
    driver = runs.start(runs.bench.totals(1), retries=0, patience=patience)
    pod = hands.take(job="yule-number")
    hands.waits(pod, "ImagePullBackOff", "Back-off pulling image")
    runs.until(lambda: driver.told(TasksHeld))

    watches = runs.server.counts["driver", "watch", "pods"]
    runs.server.faults.add(Fault(kind="refuse", times=10**6))
    runs.until(lambda: runs.server.counts["driver", "watch", "pods"] > watches + 1)
    hands.begin(pod)
    let_pass(runs, patience.image_s)
    runs.server.faults.clear()
    let_pass(runs, 1.0)

    (job,) = runs.jobs()
    assert job.metadata.deletion_timestamp is None
    hands.run(pod)
    hands.run(hands.take(job="yule-sum"))
    assert len(driver.wait().computed) == 2
    assert not driver.told(TaskFailed)


def let_pass(runs: Any, seconds: float) -> None:
    """Let the driver look for that long."""
    ends_s = time.monotonic() + seconds
    runs.until(lambda: time.monotonic() > ends_s)
