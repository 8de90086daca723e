"""What goes wrong between a driver and the API server: each row of it, and what comes out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from yule_runner import RunWarned, TaskFailed, TaskFinished, TasksHeld
from yule_runner.kubernetes import ManifestError
from yule_runner.kubernetes.connecting import connect
from yule_runner.kubernetes.errors import ClusterError
from yule_runner.testing.kubernetes import Fault, Role

BADGE = "what the driver shows"
NEW_BADGE = "what the driver shows later"


def finish(driver: Any, hands: Any) -> None:
    """Do the work of a sum over one number, and see that it was done once."""
    hands.run(hands.take(job="yule-number"))
    hands.run(hands.take(job="yule-sum"))
    assert len(driver.wait().computed) == 2
    assert not driver.told(TaskFailed)
    assert [name[-3:] for name in driver.runs.job_names()] == ["-g1", "-g1"]


def requests(runs: Any, verb: str, plural: str) -> int:
    count: int = runs.server.counts["driver", verb, plural]
    return count


@pytest.mark.parametrize("kind", ["lose-reply", "hang-up"])
@pytest.mark.simulator
def test_a_creation_without_an_answer_makes_exactly_one_job(
    runs: Any, hands: Any, kind: Any
) -> None:
    runs.server.faults.add(Fault(kind=kind, verb="create", plural="jobs", times=2))

    finish(runs.start(runs.bench.totals(1)), hands)

    assert runs.server.faults.struck == 2


@pytest.mark.simulator
def test_a_server_that_asks_for_patience_gets_it(runs: Any, hands: Any) -> None:
    storm = Fault(kind="refuse", code=429, retry_after_s=1, times=3, verb="create")
    runs.server.faults.add(storm)
    driver = runs.start(runs.bench.totals(1))
    runs.until(lambda: driver.told(TasksHeld))

    finish(driver, hands)

    assert "the API server answers 429" in driver.told(TasksHeld)[0].reason
    assert requests(runs, "create", "jobs") == 3 + 2


@pytest.mark.parametrize(("ahead_s", "side"), [(3600, "behind"), (-3600, "ahead of"), (30, "")])
@pytest.mark.simulator
def test_a_clock_that_differs_from_the_clusters_is_told_once(
    runs: Any, hands: Any, ahead_s: int, side: str
) -> None:
    runs.server.clock_ahead_s = ahead_s
    driver = runs.start(runs.bench.totals(1))

    finish(driver, hands)

    words = [each.words for each in driver.told(RunWarned)]
    assert len(words) == bool(side)
    assert all(f"s {side} that of the cluster: set it by NTP" in each for each in words)


@pytest.mark.simulator
def test_an_api_server_that_is_away_is_waited_for(runs: Any, hands: Any) -> None:
    # Watches last a second of ours, so that both are refused again.
    patience = replace(runs.settings().patience, watch_s=50)
    driver = runs.start(runs.bench.totals(1), patience=patience)
    pod = hands.take(job="yule-number")
    before = {each: requests(runs, "watch", each) for each in ("jobs", "pods")}
    runs.server.faults.add(Fault(kind="refuse", times=10**6))
    runs.until(lambda: all(requests(runs, "watch", each) > before[each] + 3 for each in before))
    hands.run(pod)
    runs.until(lambda: driver.told(TaskFinished))  # what is stored is seen all the same
    runs.until(lambda: requests(runs, "get", "jobs") > 2)  # whether the next Job was made
    (there,) = runs.core.list_namespaced_pod("default").items
    assert (there.metadata.name, there.metadata.deletion_timestamp) == (
        pod["metadata"]["name"],
        None,
    )
    runs.server.faults.clear()

    hands.run(hands.take(job="yule-sum"))
    assert len(driver.wait().computed) == 2
    assert not driver.told(TaskFailed)


@pytest.mark.parametrize("plural", ["jobs", "pods"])
@pytest.mark.parametrize("kind", ["cut", "silence", "expire", "expire-late", "drop", "double"])
@pytest.mark.simulator
def test_a_watch_that_misbehaves_is_got_over(runs: Any, hands: Any, kind: Any, plural: str) -> None:
    quick = runs.settings().patience
    patience = replace(quick, silence_s=1.5, relist_s=2.0 if kind == "drop" else 600.0)
    runs.server.faults.add(Fault(kind=kind, verb="watch", plural=plural, times=2))

    driver = runs.start(runs.bench.totals(1), patience=patience)
    runs.until(lambda: requests(runs, "watch", plural) > 2, "a watch after two bad ones")
    finish(driver, hands)

    least, most = {"expire": (3, 3), "expire-late": (3, 3), "drop": (1, 10)}.get(kind, (1, 1))
    assert least <= requests(runs, "list", plural) <= most


@pytest.mark.simulator
def test_a_run_needs_few_requests(runs: Any, hands: Any) -> None:
    driver = runs.start(runs.bench.totals(4))
    for index in range(4):
        hands.run(hands.take(index, job="yule-number"))
    hands.run(hands.take(job="yule-sum"))
    driver.wait()

    of_driver = {each: n for each, n in runs.server.counts.items() if each[0] == "driver"}
    # A list and a watch of Jobs, and of pods; two Jobs. The cluster's version is no resource.
    assert sum(of_driver.values()) == 6, of_driver
    assert driver.executor.requests == 7


@pytest.mark.simulator
def test_new_credentials_are_taken_from_the_kubeconfig(runs: Any, hands: Any) -> None:
    driver = runs.start(runs.bench.totals(1))
    pod = hands.take(job="yule-number")
    runs.server.access.add("driver", NEW_BADGE, *runs.server.access.roles("admin"))
    runs.server.write_kubeconfig(runs.kubeconfig, token=NEW_BADGE)
    runs.server.access.revoke(BADGE)

    hands.run(pod)
    hands.run(hands.take(job="yule-sum"))

    assert len(driver.wait().computed) == 2


@pytest.mark.simulator
def test_expired_credentials_end_the_run_with_advice(runs: Any) -> None:
    runs.server.access.revoke(BADGE)
    driver = runs.start(runs.bench.totals(1))
    with pytest.raises(ClusterError, match=r"does not accept the credentials.* Log in again"):
        driver.wait()


@pytest.mark.parametrize(
    ("verb", "plural"), [("create", "jobs"), ("watch", "pods"), ("list", "jobs")]
)
@pytest.mark.simulator
def test_a_verb_that_is_forbidden_is_named(runs: Any, verb: str, plural: str) -> None:
    verbs = ("get", "list", "watch", "create", "patch", "delete")
    others = [
        Role(resources=(each,), verbs=tuple(v for v in verbs if (v, each) != (verb, plural)))
        for each in ("jobs", "pods", "events")
    ]
    runs.server.access.add("driver", BADGE, *others)
    driver = runs.start(runs.bench.totals(1))
    expected = f'it is forbidden.*User "driver" cannot {verb} resource "{plural}".*that verb'
    with pytest.raises(ClusterError, match=expected):
        driver.wait()


def test_a_missing_namespace_is_said(runs: Any) -> None:
    driver = runs.start(runs.bench.totals(1), namespace="nowhere")
    with pytest.raises(ClusterError, match="Create the namespace nowhere, or name another one"):
        driver.wait()


def test_a_kubeconfig_that_is_not_there_and_a_context_it_lacks(runs: Any, tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match=r"There is no way to a cluster: .*/nothing cannot be"):
        connect(tmp_path / "nothing")
    with pytest.raises(ClusterError, match="`kubectl config get-contexts` lists"):
        connect(runs.kubeconfig, "another")


@pytest.mark.simulator
def test_a_cluster_that_is_too_old_is_refused_at_once(
    runs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yule_runner.kubernetes.api.ClusterApi.version", lambda _: "v1.30.2-gke.7")
    driver = runs.start(runs.bench.totals(1))
    with pytest.raises(ManifestError, match=r"runs Kubernetes 1\.30.*backoffLimitPerIndex"):
        driver.wait()
