"""Drivers that are Jobs: started once, followed by another generation, owners of what they make."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from gokart_store import Resources, open_store
from yule_runner.kubernetes import Owner, Pool
from yule_runner.kubernetes.api import JOBS, ClusterApi
from yule_runner.kubernetes.cancelling import cancel_run
from yule_runner.kubernetes.connecting import connect
from yule_runner.kubernetes.driving import (
    START_S,
    DriverJob,
    owner_of,
    report_start,
    start_driver,
)
from yule_runner.kubernetes.errors import ClusterError, Conflict
from yule_runner.kubernetes.starts import is_unstarted, last_complaint, unstarted_words
from yule_runner.testing.kubernetes import Fault, Role

PATIENCE_S = 60.0
BADGE = "what the driver shows"
COMMAND = ("yule", "drive", "case.yaml")


def start_job(runs: Any, **changes: Any) -> DriverJob:
    api = ClusterApi(lambda: connect(runs.kubeconfig), "default")
    needs = Resources(cpu=1, memory_gib=4)
    return start_driver(api, runs.settings(**changes), command=COMMAND, resources=needs)


def owner(runs: Any, name: str) -> Owner:
    (job,) = [each for each in runs.jobs() if each.metadata.name == name]
    return Owner(name=name, uid=job.metadata.uid)


def test_a_driver_is_started_once_and_found_again(runs: Any, hands: Any) -> None:
    first = start_job(runs)
    pod = hands.take(None, job="yule-driver")
    second = start_job(runs)

    assert (first.is_new, second) == (True, replace(first, is_new=False))
    assert pod["spec"]["automountServiceAccountToken"]
    hands.end(pod, 65)
    runs.until(lambda: runs.jobs()[0].status.failed)
    runs.until(lambda: start_job(runs).name.endswith("-g2"))
    assert [name[-3:] for name in runs.job_names()] == ["-g1", "-g2"]


def test_a_driver_that_is_taken_away_is_replaced_in_its_job(runs: Any, hands: Any) -> None:
    start_job(runs)
    hands.end(hands.take(None, job="yule-driver"), 143, is_preempted=True)

    hands.end(hands.take(None, job="yule-driver"), 0)

    runs.until(lambda: runs.jobs()[0].status.succeeded)
    assert len(runs.jobs()) == 1


@pytest.mark.simulator
def test_a_lost_answer_makes_no_second_driver(runs: Any) -> None:
    runs.server.faults.add(Fault(kind="lose-reply", verb="create", plural="jobs"))
    with pytest.raises(Exception, match="no answer from the API server"):
        start_job(runs)

    assert not start_job(runs).is_new
    assert len(runs.jobs()) == 1


def test_what_a_driver_makes_goes_with_it_and_what_others_use_stays(runs: Any, hands: Any) -> None:
    found = start_job(runs)
    driver_pod = hands.take(None, job="yule-driver")
    source = runs.bench.scripted({"name": "own"}, {"name": "shared"})
    first = runs.start(source, owner=owner(runs, found.name), largest_group=1)
    pod = hands.take(0, job="yule-scripted")
    (job,) = [each for each in runs.jobs() if each.metadata.name.startswith("yule-scripted")]
    assert [each.name for each in job.metadata.owner_references] == [found.name]
    other = runs.start(runs.bench.scripted({"name": "shared"}), run="other")
    runs.until(lambda: len(uses(runs)) == 2)

    api = ClusterApi(lambda: connect(runs.kubeconfig), "default")
    with ThreadPoolExecutor(1) as pool:
        selector = runs.settings().selector
        cancelled = pool.submit(
            cancel_run, api, run="weekly-1", selector=selector, store=open_store(runs.store)
        )
        hands.let_go(driver_pod)
        done = cancelled.result(PATIENCE_S)

    assert done.ended == (found.name,)
    with pytest.raises(ClusterError, match="was cancelled"):
        first.wait()
    hands.run(pod)
    other.wait()
    assert uses(runs) == ["used-by.yule.dev/other"]


@pytest.mark.simulator
def test_a_driver_that_does_not_start_is_ended_and_one_that_does_is_not(
    runs: Any, hands: Any
) -> None:
    api = ClusterApi(lambda: connect(runs.kubeconfig), "default")
    slow = start_job(runs, run="slow")
    pod = hands.take(None, job="yule-driver-slow")
    runs.server.cluster.advance(START_S)
    hands.let_go(pod)
    runs.until(lambda: is_unstarted(api.get(JOBS, slow.name)))
    assert "had not started after 2100 s" in unstarted_words(api.get(JOBS, slow.name))

    found = start_job(runs)
    hands.take(None, job="yule-driver-weekly")
    report_start(api, owner(runs, found.name))
    runs.server.cluster.advance(2 * START_S)
    assert api.get(JOBS, found.name)["status"]["active"] == 1
    with pytest.raises(Conflict):
        report_start(api, Owner(name=found.name, uid="another"))
    api.close()


@pytest.mark.simulator
def test_a_driver_needs_the_rights_that_the_documents_name_and_no_others(
    runs: Any, hands: Any
) -> None:
    reads = ("get", "list", "watch")
    runs.server.access.add(
        "driver",
        BADGE,
        Role(namespace="default", resources=("jobs",), verbs=(*reads, "create", "patch", "delete")),
        Role(namespace="default", resources=("pods", "events"), verbs=reads),
    )
    api = ClusterApi(lambda: connect(runs.kubeconfig), "default")
    me = owner(runs, start_job(runs).name)
    driver_pod = hands.take(None, job="yule-driver")
    report_start(api, me)
    assert not last_complaint(api, me.uid)

    first = runs.start(runs.bench.totals(1), owner=me)
    hands.end(hands.take(job="yule-number"), 143, is_preempted=True)
    hands.run(hands.take(job="yule-number"))
    pod = hands.take(job="yule-sum")
    with ThreadPoolExecutor(1) as pool:
        selector = runs.settings().selector
        cancelled = pool.submit(
            cancel_run, api, run="weekly-1", selector=selector, store=open_store(runs.store)
        )
        for each in (driver_pod, pod):
            hands.let_go(each)
        cancelled.result(PATIENCE_S)
    with pytest.raises(ClusterError, match="was cancelled"):
        first.wait()
    api.close()


def test_a_process_knows_the_job_that_it_drives_for() -> None:
    variables = {"YULE_OWNER_NAME": "yule-driver-g1", "YULE_OWNER_UID": "7"}
    assert owner_of(variables) == Owner(name="yule-driver-g1", uid="7")
    assert owner_of({"YULE_OWNER_NAME": "yule-driver-g1"}) is None


def test_a_driver_that_fits_nowhere_is_refused(runs: Any) -> None:
    with pytest.raises(ClusterError, match="fits on no pool: it needs 4 GiB"):
        start_job(runs, pools=(small(runs),))


def test_a_driver_keeps_to_pools_with_nodes_that_stay(runs: Any, hands: Any) -> None:
    fast = Pool(name="fast", cpu=1, memory_gib=4, spot="spot", node_selector={"pool": "fast"})
    with pytest.raises(ClusterError, match="needs nodes that stay, and all pools are `spot`"):
        start_job(runs, pools=(fast,))

    start_job(runs, pools=(fast, *runs.settings().pools))

    assert "pool" not in hands.take(None, job="yule-driver")["spec"]["nodeSelector"]


def small(runs: Any) -> Any:
    return replace(runs.settings().pools[0], memory_gib=2)


def uses(runs: Any) -> list[str]:
    return sorted(
        name
        for job in runs.jobs()
        if job.metadata.name.startswith("yule-scripted")
        for name in job.metadata.annotations
        if name.startswith("used-by")
    )
