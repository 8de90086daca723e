"""What is read from Jobs and pods: pure functions on small objects."""

from __future__ import annotations

import json
from typing import Any

import pytest
from yule_runner.kubernetes import Patience
from yule_runner.kubernetes.causes import cause_of_end
from yule_runner.kubernetes.errors import (
    ApiUnavailable,
    ClusterError,
    Conflict,
    Expired,
    NotFound,
    refusal_of,
)
from yule_runner.kubernetes.holdups import holdup_of
from yule_runner.kubernetes.reading import (
    PodEnd,
    has_just_ended,
    indexes,
    last_pods,
    pod_end,
    terminal_condition,
)

Json = dict[str, Any]

INDEX = "batch.kubernetes.io/job-completion-index"
FAILURES = "batch.kubernetes.io/job-index-failure-count"


def pod(index: int = 0, failures: int = 0, *, name: str = "p", **status: Any) -> Json:
    annotations = {INDEX: str(index), FAILURES: str(failures)}
    metadata = {
        "name": name,
        "annotations": annotations,
        "creationTimestamp": "2026-01-01T00:00:00Z",
        "resourceVersion": "1",
    }
    spec = {"containers": [{"image": "shop"}], "nodeName": "far"}
    return {"metadata": metadata, "spec": spec, "status": status}


def waiting(reason: str, message: str = "") -> Json:
    return {"image": "shop", "state": {"waiting": {"reason": reason, "message": message}}}


def ended(code: int, reason: str = "Error") -> Json:
    return {"image": "shop", "state": {"terminated": {"exitCode": code, "reason": reason}}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [(None, set()), ("", set()), ("3", {3}), ("0,2-4,9", {0, 2, 3, 4, 9})],
)
def test_indexes_are_read_as_jobs_write_them(text: str | None, expected: set[int]) -> None:
    assert indexes(text) == expected


def test_interim_conditions_do_not_end_a_job() -> None:
    interim = {"type": "FailureTarget", "status": "True"}
    final = {"type": "Failed", "status": "True", "reason": "FailedIndexes"}
    undone = {"type": "Complete", "status": "False"}

    assert terminal_condition({"status": {"conditions": [interim, undone]}}) is None
    assert terminal_condition({"status": {"conditions": [interim, final]}}) == final
    assert terminal_condition({}) is None


def test_of_two_pods_of_an_index_made_in_one_second_the_later_has_seen_more_failures() -> None:
    first, second = pod(failures=0, name="first"), pod(failures=1, name="second")

    assert last_pods([second, first])[0]["metadata"]["name"] == "second"


def test_the_container_that_failed_says_how_a_pod_ended() -> None:
    status: Json = {
        "initContainerStatuses": [ended(3)],
        "containerStatuses": [{"image": "shop", "state": {"waiting": {"reason": "x"}}}],
        "conditions": [{"type": "DisruptionTarget", "status": "True"}],
    }

    assert pod_end(pod(**status)) == PodEnd(
        exit_code=3, reason="Error", message="", is_disruption=True
    )


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (None, "j-0-x is gone, and the cluster does not say how it ended."),
        ((137, "OOMKilled", ""), "j-0-x ran out of memory: it had 2 GiB."),
        ((139, "Error", "Fatal\n error"), "was killed by SIGSEGV. Its last words: Fatal error"),
        ((1, "Error", ""), "j-0-x ended by itself with exit code 1."),
        ((250, "Error", ""), "j-0-x was killed by signal 122."),
        ((None, "Evicted", "low on disk"), "ended without a word (Evicted). Its last words: low"),
        ((143, "DeadlineExceeded", ""), "j-0-x ran longer than its deadline."),
    ],
)
def test_ends_are_put_into_words(end: Any, words: str) -> None:
    if end is not None:
        end = PodEnd(exit_code=end[0], reason=end[1], message=end[2], is_disruption=False)
    assert words in cause_of_end("j-0-x", end, memory_gib=2)


def test_what_holds_a_pod_up_is_found_in_init_containers_first() -> None:
    holdup = holdup_of(
        pod(
            initContainerStatuses=[waiting("ErrImagePull", "manifest unknown")],
            containerStatuses=[waiting("PodInitializing")],
        ),
        Patience(),
    )

    assert holdup is not None
    assert "'shop' cannot be pulled (ErrImagePull). manifest unknown" in holdup.words
    assert holdup.limit_s == 300


def test_both_words_for_a_failing_pull_are_one_reason() -> None:
    keys = {
        holdup.key
        for reason in ("ErrImagePull", "ImagePullBackOff")
        if (holdup := holdup_of(pod(containerStatuses=[waiting(reason)]), Patience()))
    }
    assert len(keys) == 1


@pytest.mark.parametrize(
    "status",
    [
        {"phase": "Succeeded", "containerStatuses": [waiting("ErrImagePull")]},
        {"phase": "Pending", "containerStatuses": [waiting("ContainerCreating")]},
        {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "True"}]},
        {"phase": "Running"},
    ],
)
def test_what_goes_on_is_not_held_up(status: Json) -> None:
    assert holdup_of(pod(**status), Patience()) is None


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (404, NotFound),
        (409, Conflict),
        (410, Expired),
        (401, ClusterError),
        (403, ClusterError),
        (422, ClusterError),
        (429, ApiUnavailable),
        (500, ApiUnavailable),
        (503, ApiUnavailable),
    ],
)
def test_refusals_are_sorted_by_what_can_be_done(code: int, kind: type[Exception]) -> None:
    error = refusal_of(code, b'{"message": "because"}', asked="list jobs", retry_after="7")

    assert type(error) is kind
    assert str(error).startswith("Could not list jobs")
    assert "because" in str(error)
    if isinstance(error, ApiUnavailable):
        assert error.retry_after_s == 7


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        (
            'jobs.batch is forbidden: User "me" cannot create resource "jobs" in API group "batch"',
            "Give the account that verb in its role.",
        ),
        (
            'jobs.batch "j" is forbidden: exceeded quota: small, requested: count/jobs.batch=1',
            "Wait until there is room, or ask for a larger quota, and start the run again.",
        ),
        (
            'admission webhook "images" denied the request: unsigned',
            "A rule of the cluster says so",
        ),
    ],
)
def test_what_is_forbidden_is_a_matter_of_rights_or_of_room_or_of_rules(
    said: str, advice: str
) -> None:
    error = refusal_of(403, json.dumps({"message": said}).encode(), asked="create jobs")

    assert said in str(error)
    assert advice in str(error)
    assert str(error).count("Give the account") == ("cannot" in said)


def test_a_pod_ends_once() -> None:
    running, over = {"status": {"phase": "Running"}}, {"status": {"phase": "Failed"}}
    waiting: dict[str, Any] = {"status": {}}
    ends = [(running, over), (waiting, over), (None, over), (running, None), (None, None)]
    assert all(has_just_ended(before, after) for before, after in ends)
    others = [(None, waiting), (waiting, running), (running, running), (over, over), (over, None)]
    assert not any(has_just_ended(before, after) for before, after in others)
