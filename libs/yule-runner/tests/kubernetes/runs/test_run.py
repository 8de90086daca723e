"""A graph on a cluster: what each end of a pod leads to. The test is the kubelet."""

from __future__ import annotations

from typing import Any

import pytest
from gokart_store import Resources
from yule_runner import (
    FailureKind,
    Finished,
    RunFailed,
    Submission,
    TaskFailed,
    TaskFinished,
    TaskStarted,
    WorkOrder,
    load_graph,
    write_order,
)


def results(driver: Any) -> list[Any]:
    graph = load_graph(driver.source)
    return [graph.tasks[task_id].result() for task_id in graph.targets]


def test_siblings_become_one_indexed_job(runs: Any, hands: Any) -> None:
    driver = runs.start(runs.bench.totals(3))

    for index in (2, 0, 1):
        assert hands.run(hands.take(index, job="yule-number")) == 0
    hands.run(hands.take(0, job="yule-sum"))

    assert len(driver.wait().computed) == 4
    assert results(driver) == [3]
    assert len(runs.jobs()) == 2
    started = driver.told(TaskStarted)
    assert len(started) == 4
    assert started[-1].worker.startswith("yule-sum-")


def test_a_group_has_no_more_indexes_than_allowed(runs: Any, hands: Any) -> None:
    driver = runs.start(runs.bench.totals(5), largest_group=2)

    hands.run(hands.take(0, job="yule-number"))
    hands.run(hands.take(1, job="yule-number"))
    hands.run(hands.take(0, job="yule-sum"))

    assert len(driver.wait().computed) == 6
    assert results(driver) == [10]


def test_a_preempted_pod_is_replaced_and_nothing_counts_as_failed(runs: Any, hands: Any) -> None:
    driver = runs.start(runs.bench.totals(1), retries=0)

    # More often than an index of the Job may fail.
    for _ in range(3):
        hands.end(hands.take(job="yule-number"), 143, is_preempted=True)
    last = hands.take(job="yule-number")
    hands.run(last)
    hands.run(hands.take(job="yule-sum"))

    driver.wait()
    assert not driver.told(TaskFailed)
    assert len(runs.jobs()) == 2
    counts = {
        name: last["metadata"]["annotations"][f"batch.kubernetes.io/job-index-{name}-count"]
        for name in ("failure", "ignored-failure")
    }
    assert counts == {"failure": "0", "ignored-failure": "3"}


def test_a_success_without_a_result_is_refused(runs: Any, hands: Any) -> None:
    driver = runs.start(runs.bench.totals(1))

    hands.end(hands.take(job="yule-number"), 0)
    hands.run(hands.take(job="yule-number"))
    hands.run(hands.take(job="yule-sum"))

    driver.wait()
    (failed,) = driver.told(TaskFailed)
    assert "ended as if all was well, but no result is stored" in failed.failure.failure.cause
    names = runs.job_names()
    assert [name[-3:] for name in names] == ["-g1", "-g2", "-g1"]
    assert names[0][:-3] == names[1][:-3]


def test_a_bad_order_fails_at_once_and_says_why(runs: Any, hands: Any) -> None:
    driver = runs.start(runs.bench.totals(2), retries=5)
    sibling, pod = hands.take(0), hands.take(1)
    (order,) = (runs.bench.folder / "store/orders").iterdir()
    order.write_bytes(order.read_bytes().replace(b'"attempt":1', b'"attempt":2'))

    assert hands.run(pod) == 64
    hands.let_go(sibling)

    with pytest.raises(RunFailed, match="2 tasks failed, and 1 more were not run") as caught:
        driver.wait()
    assert {each.failure.kind for each in caught.value.failures} == {FailureKind.ORDER}
    assert "was changed: its sha256 is" in str(caught.value)
    assert len(runs.jobs()) == 1


def test_a_failing_task_fails_its_index_and_is_tried_by_a_new_job(runs: Any, hands: Any) -> None:
    scripts = [{"name": "good"}, {"name": "bad", "fails": 1}]
    driver = runs.start(runs.bench.scripted(*scripts))

    assert hands.run(hands.take(0)) == 0
    bad = hands.take(1)
    assert hands.run(bad) == 65
    (job,) = runs.until(lambda: [each for each in runs.jobs() if each.status.failed_indexes])
    assert (job.spec.completions, job.status.failed_indexes) == (2, "1")
    hands.run(hands.take(0, job="yule-scripted"))

    assert len(driver.wait().computed) == 2
    (failed,) = driver.told(TaskFailed)
    assert failed.failure.failure.kind is FailureKind.ERROR
    assert "bad was told to fail" in failed.failure.failure.cause
    assert failed.failure.log.read_text() == "what the pod printed\n"
    assert [runs.bench.attempts(name) for name in ("good", "bad")] == [1, 2]


def test_a_crash_is_tried_again_in_place_and_counted(runs: Any, hands: Any) -> None:
    driver = runs.start(runs.bench.totals(1), retries=1)

    hands.end(hands.take(job="yule-number"), 1)
    hands.end(hands.take(job="yule-number"), 139)

    with pytest.raises(RunFailed, match="failed on attempt 2") as caught:
        driver.wait()
    assert "was killed by SIGSEGV" in str(caught.value)
    assert len(runs.jobs()) == 1


def test_memory_that_ran_out_counts_and_the_next_attempt_has_more(runs: Any, hands: Any) -> None:
    driver = runs.start(runs.bench.scripted({"name": "greedy", "memory_gib": 8}), retries=2)

    hands.end(hands.take(), 137, "OOMKilled")
    second = hands.take()
    assert second["spec"]["containers"][0]["resources"]["limits"]["memory"] == "12Gi"
    hands.end(second, 137, "OOMKilled")
    third = hands.take()
    assert third["spec"]["containers"][0]["resources"]["limits"]["memory"] == "16Gi"
    hands.run(third)

    driver.wait()
    first, _ = driver.told(TaskFailed)
    assert "ran out of memory: it had 8 GiB. The next attempt has 12 GiB" in (
        first.failure.failure.cause
    )


def test_what_is_preempted_three_times_goes_to_nodes_that_stay(runs: Any, hands: Any) -> None:
    scripts = [{"name": "lucky"}, {"name": "unlucky"}]
    driver = runs.start(
        runs.bench.scripted(*scripts), pools=(runs.pool(spot="spot-with-escape"),), retries=0
    )

    hands.run(hands.take(0))
    for _ in range(3):
        hands.end(hands.take(1), 143, is_preempted=True)
    escaped = hands.take(0, job="yule-scripted")

    terms = escaped["spec"]["affinity"]["nodeAffinity"]
    assert terms == {
        "requiredDuringSchedulingIgnoredDuringExecution": {
            "nodeSelectorTerms": [
                {
                    "matchExpressions": [
                        {
                            "key": "cloud.google.com/gke-spot",
                            "operator": "NotIn",
                            "values": ["true"],
                        }
                    ]
                }
            ]
        }
    }
    hands.run(escaped)
    driver.wait()
    assert not driver.told(TaskFailed)
    assert len(driver.told(TaskFinished)) == 2


def test_what_another_driver_has_started_goes_to_nodes_that_stay_as_well(
    runs: Any, hands: Any
) -> None:
    source = runs.bench.scripted({"name": "unlucky"})
    first = runs.start(source, pools=(runs.pool(spot="spot-with-escape"),))
    pod = hands.take()
    first.die()
    second = runs.start(source, pools=(runs.pool(spot="spot-with-escape"),))
    for _ in range(3):
        hands.end(pod, 143, is_preempted=True)
        pod = hands.take()

    runs.until(lambda: any(name.endswith("-g2") for name in runs.job_names()))
    hands.run(pod if "-g2" in pod["metadata"]["name"] else hands.take())
    second.wait()
    assert not second.told(TaskFailed)


def test_tasks_that_a_crashed_index_had_not_begun_are_not_blamed(runs: Any, hands: Any) -> None:
    scripts = [{"name": "crashing"}, {"name": "innocent"}]
    driver = runs.start(runs.bench.scripted(*scripts), largest_group=1, retries=0)

    hands.end(hands.take(), 1)
    hands.end(hands.take(), 1)
    hands.run(hands.take())

    with pytest.raises(RunFailed, match="1 task failed, and 0 more were not run"):
        driver.wait()
    assert runs.bench.attempts("innocent") == 1


def test_siblings_that_become_ready_together_share_a_job(runs: Any, hands: Any) -> None:
    source = runs.bench.totals(2)
    graph = load_graph(source)
    numbers = [task_id for task_id in graph.tasks if task_id not in graph.targets]
    orders = [WorkOrder(source=source, task_ids=(task_id,)) for task_id in numbers]
    with runs.executor() as executor:
        for order in orders:
            executor.submit(
                Submission(
                    name="yule_runner_demo.Number",
                    resources=Resources(),
                    order=order,
                    file=write_order(order, runs.bench.folder / "orders", name="Number"),
                    is_stored=lambda task_id: graph.tasks[task_id].complete(),
                )
            )
        ends: list[Any] = []

        def seen() -> bool:
            ends.extend(executor.observe(0.05))
            return bool(runs.jobs())

        runs.until(seen)
        hands.run(hands.take(0))
        hands.run(hands.take(1))
        runs.until(lambda: ends.extend(executor.observe(0.05)) or len(_finished(ends)) == 2)

    assert _finished(ends) == set(numbers)
    assert len(runs.jobs()) == 1


def _finished(ends: list[Any]) -> set[str]:
    return {each.task_id for each in ends if isinstance(each, Finished)}
