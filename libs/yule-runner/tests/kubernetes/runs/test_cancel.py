"""Ending a run from outside its driver: nothing of its own is left, nothing of others is spoilt."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gokart_store import Resources, open_store
from yule_runner.kubernetes.api import JOBS, PODS, ClusterApi, Kind
from yule_runner.kubernetes.cancelling import Cancellation, cancel_run
from yule_runner.kubernetes.connecting import connect
from yule_runner.kubernetes.driving import start_driver
from yule_runner.kubernetes.errors import ClusterError
from yule_runner.kubernetes.job_spec import Owner
from yule_runner.kubernetes.overview import JobOverview, overview
from yule_runner.kubernetes.uses import mark_cancelled
from yule_runner.testing.kubernetes import Fault

PATIENCE_S = 60.0


def api_of(runs: Any) -> ClusterApi:
    return ClusterApi(lambda: connect(runs.kubeconfig), "default")


class Cancel(threading.Thread):
    """Cancels a run, while the test lets its pods go."""

    def __init__(self, runs: Any, run: str, *, kubeconfig: Path | None = None) -> None:
        super().__init__(daemon=True)
        self._runs, self._run_name = runs, run
        self._api = ClusterApi(lambda: connect(kubeconfig or runs.kubeconfig), "default")
        self.done: Cancellation | None = None

    def run(self) -> None:
        selector = self._runs.settings().selector
        self.done = cancel_run(
            self._api,
            run=self._run_name,
            selector=selector,
            store=open_store(self._runs.store),
        )


def test_a_run_that_is_cancelled_elsewhere_ends_and_leaves_nothing(runs: Any, hands: Any) -> None:
    driver = runs.start(runs.bench.totals(2))
    pods = [hands.take(0), hands.take(1)]
    cancel = Cancel(runs, "weekly-1")
    cancel.start()
    for pod in pods:
        hands.let_go(pod)
    cancel.join(PATIENCE_S)

    with pytest.raises(ClusterError, match=r"The run weekly-1 was cancelled\. What is stored"):
        driver.wait()
    assert cancel.done is not None
    assert [name[:12] for name in cancel.done.ended] == ["yule-number-"]
    assert not runs.jobs()
    assert not runs.core.list_namespaced_pod("default").items


def test_what_other_runs_use_goes_on_for_them(runs: Any, hands: Any) -> None:
    source = runs.bench.scripted({"name": "shared"})
    first = runs.start(source, run="first")
    pod = hands.take()
    second = runs.start(source, run="second")
    runs.until(lambda: sum("used-by" in each for each in runs.jobs()[0].metadata.annotations) == 2)

    cancel = Cancel(runs, "first")
    cancel.run()

    assert cancel.done is not None
    assert (cancel.done.ended, len(cancel.done.left)) == ((), 1)
    with pytest.raises(ClusterError, match="The run first was cancelled"):
        first.wait()
    hands.run(pod)
    second.wait()


def test_a_cancelled_run_can_be_started_again(runs: Any, hands: Any) -> None:
    source = runs.bench.scripted({"name": "shared"})
    runs.start(source, run="first")
    pod = hands.take()
    other = runs.start(source, run="second")
    runs.until(lambda: sum("used-by" in each for each in runs.jobs()[0].metadata.annotations) == 2)
    Cancel(runs, "first").run()

    again = runs.start(source, run="first")
    runs.until(lambda: sum("used-by" in each for each in runs.jobs()[0].metadata.annotations) == 2)
    hands.run(pod)

    again.wait()
    other.wait()
    assert runs.bench.attempts("shared") == 1


def test_what_is_made_while_a_run_is_cancelled_goes_too(runs: Any, hands: Any) -> None:
    # The driver's creation is under way when the first listing is answered.
    api, run = api_of(runs), "weekly-1"
    late = threading.Event()

    def wait(_seconds: float) -> None:
        if not late.is_set():
            late.set()
            runs.start(runs.bench.scripted({"name": "late"}), run=run)
            runs.until(lambda: any("scripted" in name for name in runs.job_names()))
        for pod in hands.pods():
            hands.confirm(pod)

    first = runs.start(runs.bench.totals(1), run=run)
    hands.take()
    done = cancel_run(
        api, run=run, selector=runs.settings().selector, store=open_store(runs.store), wait=wait
    )

    assert {name[:9] for name in done.ended} == {"yule-numb", "yule-scri"}
    assert not done.ending
    with pytest.raises(ClusterError, match="was cancelled"):
        first.wait()
    runs.until(lambda: not runs.jobs())


def test_a_driver_in_the_cluster_is_halted_before_its_work_is_ended(runs: Any, hands: Any) -> None:
    api, settings = api_of(runs), runs.settings()
    started = start_driver(
        api, settings, command=("yule",), resources=Resources(cpu=1, memory_gib=4)
    )
    pod = hands.take(None)
    seen: list[list[str]] = []

    def wait(_seconds: float) -> None:
        seen.append(runs.job_names())
        if len(seen) == 2:
            hands.confirm(pod)

    done = cancel_run(
        api, run=settings.run, selector=settings.selector, store=open_store(runs.store), wait=wait
    )

    assert done == Cancellation(ended=(started.name,), left=())
    assert seen[:2] == [[started.name]] * 2
    again = start_driver(api, settings, command=("yule",), resources=Resources(cpu=1, memory_gib=4))
    assert again.is_new


@pytest.mark.simulator
def test_a_driver_that_ends_because_it_hears_of_it_is_gone_as_well(runs: Any, hands: Any) -> None:
    api, settings = api_of(runs), runs.settings()
    needs = Resources(cpu=1, memory_gib=4)
    started = start_driver(api, settings, command=("yule",), resources=needs)
    pod = hands.take(None)
    looks: list[float] = []

    def wait(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 1:
            hands.end(pod, 65)
            hands.confirm(pod)

    done = cancel_run(
        api, run=settings.run, selector=settings.selector, store=open_store(runs.store), wait=wait
    )

    assert done == Cancellation(ended=(started.name,), left=())
    runs.until(lambda: not runs.jobs())


def test_a_driver_between_two_groups_hears_that_its_run_is_cancelled(runs: Any, hands: Any) -> None:
    api, settings = api_of(runs), runs.settings()
    found = start_driver(api, settings, command=("yule",), resources=Resources(cpu=1, memory_gib=4))
    (job,) = runs.jobs()
    runs.server.faults.add(
        Fault(kind="refuse", verb="create", plural="jobs", code=503, times=10**6)
    )
    owner = Owner(name=found.name, uid=job.metadata.uid)
    driver = runs.start(runs.bench.totals(1), owner=owner)

    mark_cancelled(api, api.get(JOBS, found.name), settings.run)

    with pytest.raises(ClusterError, match="The run weekly-1 was cancelled"):
        driver.wait()


@pytest.mark.parametrize("has_jobs", [True, False])
@pytest.mark.simulator
def test_a_driver_that_sleeps_while_its_run_is_cancelled_hears_of_it(
    runs: Any, hands: Any, has_jobs: bool
) -> None:
    # A watch lasts a second of ours; then the driver, which is elsewhere, sees and does nothing.
    patience = replace(runs.settings().patience, watch_s=50)
    if not has_jobs:
        runs.server.faults.add(Fault(kind="refuse", verb="create", times=10**6))
    driver = runs.start(runs.bench.totals(1), patience=patience, retries=5)
    pods = [hands.take()] if has_jobs else []
    watches = runs.until(lambda: runs.server.counts["driver", "watch", "jobs"], "a first watch")
    runs.server.faults.add(Fault(kind="refuse", times=10**6))
    runs.until(lambda: runs.server.counts["driver", "watch", "jobs"] > watches + 1)

    cancel = Cancel(runs, "weekly-1", kubeconfig=runs.admin)
    cancel.start()
    for pod in pods:
        hands.let_go(pod)
    cancel.join(PATIENCE_S)
    assert cancel.done is not None
    with runs.server.cluster.lock:
        runs.server.cluster.store.compact()
    runs.server.faults.clear()

    with pytest.raises(ClusterError, match=r"The run weekly-1 was cancelled\."):
        driver.wait()
    assert not runs.jobs()


@pytest.mark.parametrize("is_answered", [True, False])
@pytest.mark.simulator
def test_a_job_that_is_created_when_all_have_been_cancelled_goes_too(
    runs: Any, hands: Any, monkeypatch: pytest.MonkeyPatch, is_answered: bool
) -> None:
    create, done = ClusterApi.create, list[Cancellation | None]()

    def create_late(api: ClusterApi, kind: Kind, body: dict[str, Any]) -> dict[str, Any]:
        if not done:
            cancel = Cancel(runs, "weekly-1", kubeconfig=runs.admin)
            cancel.run()
            done.append(cancel.done)
            if not is_answered:
                runs.server.faults.add(Fault(kind="lose-reply", verb="create", plural="jobs"))
        return create(api, kind, body)

    monkeypatch.setattr(ClusterApi, "create", create_late)
    driver = runs.start(runs.bench.totals(1))

    with pytest.raises(ClusterError, match=r"The run weekly-1 was cancelled\."):
        driver.wait()
    assert done == [Cancellation(ended=(), left=())]
    for pod in hands.pods():
        hands.let_go(pod)
    runs.until(lambda: not runs.jobs())


def test_cancelling_what_does_not_run_does_nothing(runs: Any, hands: Any) -> None:
    driver = runs.start(runs.bench.totals(1))
    hands.run(hands.take(job="yule-number"))
    hands.run(hands.take(job="yule-sum"))
    driver.wait()
    runs.until(lambda: all(job.status.completion_time for job in runs.jobs()))

    cancel = Cancel(runs, "weekly-1")
    cancel.run()

    assert cancel.done == Cancellation(ended=(), left=())
    assert len(runs.jobs()) == 2


def test_an_overview_counts_the_pods_of_a_driver(runs: Any, hands: Any) -> None:
    api, settings = api_of(runs), runs.settings()
    start_driver(api, settings, command=("yule",), resources=Resources(cpu=1, memory_gib=4))

    def row() -> JobOverview:
        jobs, pods = (api.list_all(kind, settings.selector)[0] for kind in (JOBS, PODS))
        (found,) = overview(jobs, pods, run=settings.run)
        return found

    hands.end(hands.take(None), 1)
    pod = hands.take(None)
    found = runs.until(lambda: row() if row().running else None)
    assert (found.state, found.done, found.failed) == ("running", 0, 0)
    hands.end(pod, 0)
    found = runs.until(lambda: row() if row().state == "done" else None)
    assert (found.done, found.failed, found.running) == (1, 0, 0)

    start_driver(api, settings, command=("no",), resources=Resources(cpu=1, memory_gib=4))
    hands.end(hands.take(None), 65)

    def failed() -> JobOverview | None:
        jobs, _ = api.list_all(JOBS, settings.selector)
        rows = overview(jobs, [], run=settings.run)
        return next((each for each in rows if each.state == "failed"), None)

    found = runs.until(failed)
    assert (found.done, found.failed, found.indexes) == (0, 1, 1)


def test_an_overview_says_what_runs_and_what_waits_for_what(runs: Any, hands: Any) -> None:
    hands.grow("1")
    driver = runs.start(runs.bench.totals(3))
    hands.run(hands.take(0))
    hands.take(1)
    api = api_of(runs)

    def seen() -> Any:
        (jobs, _), (pods, _) = (
            api.list_all(kind, runs.settings().selector) for kind in (JOBS, PODS)
        )
        (found,) = overview(jobs, pods, run=driver.executor._settings.run)
        return found if found.done == 1 and found.reasons else None

    found = runs.until(seen)

    assert (found.state, found.indexes, found.done, found.running) == ("running", 3, 1, 1)
    ((words, count),) = found.reasons
    assert count == 1
    assert "no node can take the pod now" in words
    assert not found.is_shared
