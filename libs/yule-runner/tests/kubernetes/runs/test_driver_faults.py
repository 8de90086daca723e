"""What goes wrong with drivers and with Jobs: each row of it, and what comes out."""

from __future__ import annotations

from typing import Any

import pytest
from yule_runner import RunFailed, TaskReused
from yule_runner.testing.kubernetes import Fault


def test_a_job_that_was_deleted_by_hand_leaves_the_decision_to_the_store(
    runs: Any, hands: Any
) -> None:
    driver = runs.start(runs.bench.scripted({"name": "stored"}, {"name": "missing"}))
    done, lost = hands.take(0), hands.take(1)
    assert hands.work(done) == 0
    (name,) = runs.job_names()
    runs.batch.delete_namespaced_job(name, "default", propagation_policy="Background")
    for pod in (done, lost):
        hands.let_go(pod)

    assert hands.run(hands.take(0)) == 0

    assert len(driver.wait().computed) == 2
    assert [runs.bench.attempts(each) for each in ("stored", "missing")] == [1, 1]


@pytest.mark.simulator
def test_a_job_that_its_time_to_live_has_ended_leaves_the_decision_to_the_store(
    runs: Any, hands: Any
) -> None:
    source = runs.bench.scripted({"name": "stored"}, {"name": "missing"})
    first = runs.start(source)
    done, lost = hands.take(0), hands.take(1)
    first.die()
    hands.run(done)
    hands.end(lost, 0)
    runs.until(lambda: runs.jobs()[0].status.completion_time)
    runs.server.cluster.advance(172_800)
    runs.until(lambda: not runs.jobs())

    second = runs.start(source)
    assert hands.run(hands.take(0)) == 0

    result = second.wait()
    assert (len(result.computed), len(result.reused)) == (1, 1)
    assert [runs.bench.attempts(each) for each in ("stored", "missing")] == [1, 1]


def test_a_job_that_follows_a_deleted_one_of_its_name_has_journals_of_its_own(
    runs: Any, hands: Any
) -> None:
    source = runs.bench.scripted({"name": "shy", "fails": 1})
    first = runs.start(source, retries=0)
    hands.run(hands.take())
    with pytest.raises(RunFailed, match="shy was told to fail"):
        first.wait()
    before = runs.job_names()
    runs.until(lambda: runs.jobs()[0].status.failed)
    runs.batch.delete_namespaced_job(before[0], "default", propagation_policy="Background")
    runs.until(lambda: not runs.jobs())

    again = runs.start(source, retries=0)
    hands.run(hands.take())

    again.wait()
    assert runs.job_names() == before


@pytest.mark.parametrize("moment", ["created", "running", "told", "ended"])
def test_the_next_driver_takes_over_from_a_killed_one(runs: Any, hands: Any, moment: str) -> None:
    source = runs.bench.scripted({"name": "a"}, {"name": "b"})
    first = runs.start(source)
    runs.until(runs.jobs)
    pods = [] if moment == "created" else [hands.take(0), hands.take(1)]
    if moment == "told":
        hands.work(pods[0])
    first.die()
    second = None if moment == "ended" else runs.start(source)
    for pod in pods or [hands.take(0), hands.take(1)]:
        hands.run(pod)

    (second or runs.start(source)).wait()
    assert len(runs.jobs()) == 1
    assert [runs.bench.attempts(each) for each in "ab"] == [1, 1]


@pytest.mark.parametrize("kind", ["refuse", "lose-reply"])
@pytest.mark.simulator
def test_a_driver_that_is_killed_while_it_creates_is_followed_without_doubles(
    runs: Any, hands: Any, kind: Any
) -> None:
    source = runs.bench.scripted({"name": "a"}, {"name": "b"})
    runs.server.faults.add(Fault(kind=kind, verb="create", plural="jobs", times=10**6))
    first = runs.start(source)
    runs.until(lambda: runs.server.faults.struck)
    first.die()
    runs.server.faults.clear()
    assert len(runs.jobs()) == (0 if kind == "refuse" else 1)

    second = runs.start(source)
    for index in (0, 1):
        hands.run(hands.take(index))

    second.wait()
    assert len(runs.jobs()) == 1
    assert [runs.bench.attempts(each) for each in "ab"] == [1, 1]


def test_two_runs_that_want_the_same_share_one_job_and_one_may_go(runs: Any, hands: Any) -> None:
    source = runs.bench.scripted({"name": "shared"})
    first = runs.start(source, run="first", detaches=False)
    pod = hands.take()
    second = runs.start(source, run="second", detaches=False)
    runs.until(lambda: len(_users(runs)) == 2)

    first.interrupt()

    assert _users(runs) == ["used-by.yule.dev/second"]
    hands.run(pod)
    second.wait()
    assert len(second.told(TaskReused)) == 1
    assert runs.bench.attempts("shared") == 1


def test_a_cancelled_run_leaves_nothing(runs: Any, hands: Any) -> None:
    driver = runs.start(runs.bench.totals(2), detaches=False)
    pods = [hands.take(0), hands.take(1)]
    driver._is_interrupted.set()
    for pod in pods:
        hands.let_go(pod)

    assert isinstance(driver.interrupt(), InterruptedError)
    assert not runs.jobs()


@pytest.mark.simulator
def test_a_run_that_is_cancelled_while_it_creates_leaves_nothing(runs: Any) -> None:
    runs.server.faults.add(Fault(kind="lose-reply", verb="create", plural="jobs"))
    driver = runs.start(runs.bench.totals(1), detaches=False)
    runs.until(lambda: runs.server.faults.struck)

    driver.interrupt()

    assert not runs.jobs()


def test_an_interrupted_driver_leaves_its_jobs_to_the_next(runs: Any, hands: Any) -> None:
    first = runs.start(runs.bench.totals(1))
    hands.run(hands.take(job="yule-number"))
    pod = hands.take(job="yule-sum")
    first.interrupt()
    assert len(runs.jobs()) == 2

    second = runs.start(runs.bench.totals(1))
    hands.run(pod)

    assert len(second.wait().computed) == 1
    assert len(runs.jobs()) == 2


def _users(runs: Any) -> list[str]:
    (job,) = runs.jobs()
    return sorted(each for each in job.metadata.annotations if each.startswith("used-by"))
