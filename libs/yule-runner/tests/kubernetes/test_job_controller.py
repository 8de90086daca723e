"""Rules of the Job controller that the recordings do not reach."""

from __future__ import annotations

from typing import Any

import pytest
from yule_runner.testing.kubernetes import Cluster
from yule_runner.testing.kubernetes.api.deletion import DeleteOptions
from yule_runner.testing.kubernetes.clock import time_text
from yule_runner.testing.kubernetes.jobs.indexes import format_indexes, parse_indexes
from yule_runner.testing.kubernetes.resources import BY_KIND

Json = dict[str, Any]

JOB, POD, EVENT, QUOTA = (BY_KIND[kind] for kind in ("Job", "Pod", "Event", "ResourceQuota"))


class Bench:
    """A cluster with one node, on which a test plays the kubelet."""

    def __init__(self) -> None:
        self.cluster = Cluster()
        self.cluster.add_node("n1")

    def create(self, **spec: Any) -> None:
        container = {"name": "main", "image": "yule", "command": ["true"]}
        template = {"spec": {"restartPolicy": "Never", "containers": [container]}}
        body = {"metadata": {"name": "j"}, "spec": {"template": template} | spec}
        self.cluster.api.create(JOB, "default", body)
        self.cluster.settle()

    @property
    def job(self) -> Json:
        return self.cluster.api.get(JOB, "default", "j")

    def pods(self, phase: str = "Pending") -> list[Json]:
        pods = self.cluster.store.objects(POD, "default")
        return [pod for pod in pods if pod["status"]["phase"] == phase]

    def finish(self, pod: Json, code: int) -> None:
        now = time_text(self.cluster.clock.now_s)
        ended = {"exitCode": code, "startedAt": now, "finishedAt": now}
        status = {
            "phase": "Failed" if code else "Succeeded",
            "containerStatuses": [{"name": "main", "state": {"terminated": ended}}],
        }
        name, media_type = pod["metadata"]["name"], "application/strategic-merge-patch+json"
        patch = {"status": status}
        self.cluster.api.patch(POD, "default", name, patch, media_type, subresource="status")

    def events(self, reason: str) -> list[str]:
        events = self.cluster.store.objects(EVENT, "default")
        return [event["message"] for event in events if event["reason"] == reason]

    def reasons(self) -> list[tuple[str, str]]:
        conditions = self.job["status"].get("conditions", [])
        return [(each["type"], each["reason"]) for each in conditions]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_failures_back_off_longer_each_time_up_to_the_limit(bench: Bench) -> None:
    bench.create(backoffLimit=2)
    waits = []
    for _ in range(3):
        (pod,) = bench.pods()
        failed_s = bench.cluster.clock.now_s
        bench.finish(pod, 1)
        bench.cluster.advance(2)
        while not bench.pods() and bench.cluster.clock.now_s < failed_s + 60:
            bench.cluster.advance(1)
        waits.append(round(bench.cluster.clock.now_s - failed_s))

    assert waits == [10, 20, 60]
    assert bench.reasons() == [
        ("FailureTarget", "BackoffLimitExceeded"),
        ("Failed", "BackoffLimitExceeded"),
    ]
    assert bench.job["status"]["failed"] == 3


def test_a_success_policy_ends_the_job_and_its_other_pods(bench: Bench) -> None:
    rules = {"rules": [{"succeededIndexes": "0"}]}
    bench.create(completionMode="Indexed", completions=3, parallelism=3, successPolicy=rules)
    bench.finish(bench.pods()[0], 0)
    bench.cluster.advance(1)

    assert bench.reasons() == [("SuccessCriteriaMet", "SuccessPolicy")]
    for pod in bench.pods():
        bench.cluster.api.delete(
            POD, "default", pod["metadata"]["name"], DeleteOptions(grace_period_s=0)
        )
    bench.cluster.advance(2)
    assert bench.reasons()[-1] == ("Complete", "SuccessPolicy")
    assert bench.job["status"]["completedIndexes"] == "0"


def test_a_refused_pod_is_told_of_and_tried_again(bench: Bench) -> None:
    quota = {"metadata": {"name": "q"}, "spec": {"hard": {"pods": "1"}}}
    bench.cluster.api.create(QUOTA, "default", quota)
    bench.cluster.settle()
    bench.create(completions=2, parallelism=2)

    assert len(bench.pods()) == 1
    (message,) = set(bench.events("FailedCreate"))
    assert "exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1" in message
    bench.finish(bench.pods()[0], 0)
    bench.cluster.advance(60)
    assert len(bench.pods()) == 1


def test_less_parallelism_removes_pods(bench: Bench) -> None:
    bench.create(completions=4, parallelism=4)
    patch = {"spec": {"parallelism": 1}}
    bench.cluster.api.patch(JOB, "default", "j", patch, "application/merge-patch+json")
    bench.cluster.settle()

    assert bench.job["status"]["active"] == 1
    assert len(bench.events("SuccessfulDelete")) == 3


def test_an_indexed_job_that_gets_smaller_forgets_what_lies_beyond(bench: Bench) -> None:
    bench.create(completionMode="Indexed", completions=3, parallelism=3)
    bench.finish(bench.pods()[2], 0)
    bench.cluster.advance(2)
    assert bench.job["status"]["completedIndexes"] == "2"

    patch = {"spec": {"completions": 2, "parallelism": 2}}
    bench.cluster.api.patch(JOB, "default", "j", patch, "application/merge-patch+json")
    bench.cluster.advance(2)
    status = bench.job["status"]
    assert ("completedIndexes" in status, status.get("succeeded", 0)) == (False, 0)

    for pod in bench.pods():
        bench.finish(pod, 0)
    bench.cluster.advance(3)
    assert bench.reasons()[-1] == ("Complete", "CompletionsReached")
    assert bench.job["status"]["completedIndexes"] == "0,1"


def test_a_pod_that_is_being_deleted_is_replaced_early_where_nothing_says_otherwise(
    bench: Bench,
) -> None:
    bench.create(backoffLimit=5)
    (pod,) = bench.pods()
    bench.cluster.api.delete(POD, "default", pod["metadata"]["name"], DeleteOptions())
    bench.cluster.advance(12)

    fresh = [each for each in bench.pods() if "deletionTimestamp" not in each["metadata"]]
    assert len(bench.pods()) == 2
    assert [each["metadata"]["uid"] == pod["metadata"]["uid"] for each in fresh] == [False]
    status = bench.job["status"]
    assert (status["failed"], status["active"], status["terminating"]) == (1, 1, 1)


def test_containers_that_restart_in_place_count_towards_the_limit(bench: Bench) -> None:
    container = {"name": "main", "image": "yule"}
    template = {"spec": {"restartPolicy": "OnFailure", "containers": [container]}}
    bench.create(backoffLimit=2, template=template)
    (pod,) = bench.pods()
    for restarts in (1, 2):
        assert bench.reasons() == []
        running = {"name": "main", "restartCount": restarts, "state": {"running": {}}}
        patch = {"status": {"phase": "Running", "containerStatuses": [running]}}
        name, media_type = pod["metadata"]["name"], "application/strategic-merge-patch+json"
        bench.cluster.api.patch(POD, "default", name, patch, media_type, subresource="status")
        bench.cluster.advance(2)
    assert bench.reasons() == [("FailureTarget", "BackoffLimitExceeded")]


def test_a_pod_that_loses_the_labels_of_its_job_is_let_go_and_replaced(bench: Bench) -> None:
    bench.create()
    (pod,) = bench.pods()
    name, media_type = pod["metadata"]["name"], "application/merge-patch+json"
    patch = {"metadata": {"labels": {"batch.kubernetes.io/controller-uid": None}}}
    bench.cluster.api.patch(POD, "default", name, patch, media_type)
    bench.cluster.advance(2)

    metadata = bench.cluster.api.get(POD, "default", name)["metadata"]
    assert not metadata.get("ownerReferences")
    assert not metadata.get("finalizers")
    assert len(bench.pods()) == 2
    assert bench.job["status"]["active"] == 1


def test_similar_events_are_combined(bench: Bench) -> None:
    bench.create(completions=15, parallelism=15)

    messages = bench.events("SuccessfulCreate")

    assert len(bench.pods()) == 15
    assert len(messages) == 10
    assert sum(text.startswith("(combined from similar events): ") for text in messages) == 1


def test_a_thousand_indexes_take_two_syncs_and_complete(bench: Bench) -> None:
    bench.create(completionMode="Indexed", completions=1000, parallelism=1000)
    bench.cluster.advance(1.5)
    pods = bench.pods()
    assert len(pods) == 1000
    for pod in pods:
        bench.finish(pod, 0)
    bench.cluster.advance(10)

    assert bench.job["status"]["completedIndexes"] == "0-999"
    assert bench.reasons()[-1] == ("Complete", "CompletionsReached")


@pytest.mark.parametrize(
    ("indexes", "text"),
    [((), ""), ((0,), "0"), ((0, 1), "0,1"), ((1, 3, 4, 5, 7), "1,3-5,7"), ((0, 1, 2), "0-2")],
)
def test_intervals_are_written_and_read(indexes: tuple[int, ...], text: str) -> None:
    assert format_indexes(indexes) == text
    assert parse_indexes(text, 10) == set(indexes)


def test_a_pod_that_was_deleted_before_it_had_a_node_fails_and_is_replaced() -> None:
    bench = Bench()
    bench.cluster.api.delete(BY_KIND["Node"], "", "n1", DeleteOptions())
    ignored = {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}
    bench.create(
        completionMode="Indexed",
        completions=1,
        backoffLimitPerIndex=1,
        podFailurePolicy={"rules": [ignored]},
    )
    (first,) = bench.pods()
    bench.cluster.api.delete(POD, "default", first["metadata"]["name"], DeleteOptions())
    bench.cluster.advance(1)
    assert [pod["metadata"]["name"] for pod in bench.pods()] == [first["metadata"]["name"]]

    bench.cluster.advance(40)

    (second,) = bench.pods()
    assert second["metadata"]["uid"] != first["metadata"]["uid"]
    counted = second["metadata"]["annotations"]["batch.kubernetes.io/job-index-failure-count"]
    assert counted == "1"
