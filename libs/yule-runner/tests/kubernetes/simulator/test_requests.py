"""What the API server answers where no recording asks, after the sources of Kubernetes 1.36."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import urllib3
from caller import JOB_PATH, JSON_PATCH, MERGE, POD_PATH, Caller, job, pod
from yule_runner.kubernetes.api import JOBS, ClusterApi
from yule_runner.kubernetes.connecting import connect
from yule_runner.kubernetes.errors import Conflict
from yule_runner.testing.kubernetes.http.access import ADMIN_TOKEN

Json = dict[str, Any]

RUNNING = {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}


def test_an_object_of_another_uid_is_not_changed(call: Caller, tmp_path: Path) -> None:
    _, made = call.read("POST", JOB_PATH, job("j", suspend=True))
    other = {"uid": "another"}

    code, refused = call.read("PATCH", f"{JOB_PATH}/j", {"metadata": other}, media_type=MERGE)
    assert (code, refused["reason"]) == (422, "Invalid")
    assert [cause["field"] for cause in refused["details"]["causes"]] == ["metadata.uid"]
    assert 'metadata.uid: Invalid value: "another": field is immutable' in refused["message"]

    code, refused = call.read("PUT", f"{JOB_PATH}/j", made | {"metadata": made["metadata"] | other})
    assert (code, refused["reason"]) == (409, "Conflict")
    assert "UID in precondition: another, UID in object meta: " in refused["message"]

    kubeconfig = call.server.write_kubeconfig(tmp_path / "kubeconfig")
    api = ClusterApi(lambda: connect(kubeconfig), "default")
    with pytest.raises(Conflict, match=r"metadata\.uid"):
        api.merge(JOBS, "j", {"metadata": other | {"annotations": {"a": "b"}}})
    api.close()


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "test", "path": "/spec/parallelism", "value": 7},
        {"op": "replace", "path": "/spec/nothing/here", "value": 7},
        {"op": "remove", "path": "/metadata/annotations/none"},
        {"op": "bend", "path": "/spec/parallelism"},
    ],
)
def test_a_json_patch_that_does_not_fit_is_refused_without_a_reason(
    call: Caller, operation: Json
) -> None:
    call("POST", JOB_PATH, job("j", suspend=True))
    code, refused = call.read("PATCH", f"{JOB_PATH}/j", [operation], media_type=JSON_PATCH)
    assert (code, refused["reason"], refused["details"]) == (422, "Invalid", {})
    assert refused["message"] == "the server rejected our request due to an error in our request"


def test_a_json_patch_moves_and_copies(call: Caller) -> None:
    call("POST", JOB_PATH, job("j", suspend=True))
    operations = [
        {"op": "add", "path": "/metadata/annotations", "value": {"a": "1"}},
        {"op": "copy", "from": "/metadata/annotations/a", "path": "/metadata/annotations/b"},
        {"op": "move", "from": "/metadata/annotations/a", "path": "/metadata/annotations/c"},
    ]
    code, changed = call.read("PATCH", f"{JOB_PATH}/j", operations, media_type=JSON_PATCH)
    assert (code, changed["metadata"]["annotations"]) == (200, {"b": "1", "c": "1"})


def test_formats_that_are_not_understood_are_named(call: Caller) -> None:
    call("POST", JOB_PATH, job("j", suspend=True))
    code, refused = call.read("PATCH", f"{JOB_PATH}/j", {}, media_type="application/json")
    assert (code, refused["reason"]) == (415, "UnsupportedMediaType")
    assert refused["message"].startswith(
        "the body of the request was in an unknown format - accepted media types include: "
        "application/json-patch+json, application/merge-patch+json"
    )


def test_unknown_fields_of_changes_are_warned_of_and_refused_where_asked(call: Caller) -> None:
    call("POST", JOB_PATH, job("j", suspend=True))
    patch = {"spec": {"nonsense": 1}}
    warned = call("PATCH", f"{JOB_PATH}/j", patch, MERGE)
    assert warned.headers["Warning"] == '299 - "unknown field \\"spec.nonsense\\""'
    quiet = call("PATCH", f"{JOB_PATH}/j?fieldValidation=Ignore", patch, MERGE)
    assert (quiet.status, quiet.headers.get("Warning")) == (200, None)
    strict = call("PATCH", f"{JOB_PATH}/j?fieldValidation=Strict", patch, MERGE)
    assert strict.status == 422
    assert 'strict decoding error: unknown field "spec.nonsense"' in strict.json()["message"]


def test_a_job_whose_pods_cannot_be_called_after_it_is_warned_of(call: Caller) -> None:
    made = call("POST", JOB_PATH, job("a.b", suspend=True))
    assert made.status == 201
    assert "a DNS label is recommended: [a lowercase RFC 1123 label" in made.headers["Warning"]


def test_pages_of_a_list_show_one_version(call: Caller) -> None:
    for name in "abc":
        call("POST", JOB_PATH, job(name, suspend=True))
    _, first = call.read("GET", f"{JOB_PATH}?limit=1")
    call("DELETE", f"{JOB_PATH}/b?propagationPolicy=Background")
    call("POST", JOB_PATH, job("d", suspend=True))
    token = first["metadata"]["continue"]

    _, second = call.read("GET", f"{JOB_PATH}?continue={token}")
    assert [each["metadata"]["name"] for each in second["items"]] == ["b", "c"]
    assert second["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"]

    version = first["metadata"]["resourceVersion"]
    exact = f"{JOB_PATH}?resourceVersion={version}&resourceVersionMatch=Exact"
    names = [each["metadata"]["name"] for each in call.read("GET", exact)[1]["items"]]
    assert names == ["a", "b", "c"]

    call.server.cluster.store.compact()
    code, refused = call.read("GET", f"{JOB_PATH}?continue={token}")
    assert (code, refused["reason"]) == (410, "Expired")
    assert "or use the continue token in this response" in refused["message"]
    _, rest = call.read("GET", f"{JOB_PATH}?continue={refused['metadata']['continue']}")
    assert [each["metadata"]["name"] for each in rest["items"]] == ["c", "d"]
    code, refused = call.read("GET", exact)
    assert (code, refused["message"]) == (
        410,
        "The resourceVersion for the provided list is too old.",
    )


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ("resourceVersionMatch=Exact", 422, "is forbidden unless resourceVersion is provided"),
        ("resourceVersion=1&resourceVersionMatch=Old", 422, 'Unsupported value: "Old"'),
        ("resourceVersion=0&resourceVersionMatch=Exact", 422, "is forbidden for resourceVersion"),
        ("sendInitialEvents=true", 422, "sendInitialEvents is forbidden for list"),
        ("watch=1&sendInitialEvents=true", 422, "requires setting resourceVersionMatch to NotOl"),
        (
            "watch=1&resourceVersionMatch=NotOlderThan",
            422,
            "is forbidden for watch unless sendInitialEvents is provided",
        ),
        (
            "watch=1&resourceVersionMatch=Exact&sendInitialEvents=false",
            422,
            'Unsupported value: "Exact": supported values: "NotOlderThan"',
        ),
        ("resourceVersion=x", 400, "resourceVersion: Invalid value"),
        ("limit=many", 400, "invalid syntax"),
        ("continue=nonsense", 400, "continue key is not valid"),
    ],
)
def test_lists_that_cannot_be_are_refused(
    call: Caller, query: str, code: int, message: str
) -> None:
    found, refused = call.read("GET", f"{JOB_PATH}?{query}")
    assert found == code
    assert message in refused["message"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (JOB_PATH, 'field label "spec.nope" not supported for Job'),
        (POD_PATH, "field label not supported: spec.nope"),
        (
            "/api/v1/namespaces/default/configmaps",
            '"spec.nope" is not a known field selector: only "metadata.name", "metadata.namespace"',
        ),
    ],
)
def test_each_kind_words_fields_that_it_does_not_know(
    call: Caller, path: str, message: str
) -> None:
    code, refused = call.read("GET", f"{path}?fieldSelector=spec.nope%3D1")
    assert (code, refused["message"]) == (400, message)


def events(answer: urllib3.BaseHTTPResponse) -> list[Json]:
    return [json.loads(line) for line in answer.data.splitlines()]


def test_a_watch_from_a_version_that_is_gone_is_granted_and_says_so(call: Caller) -> None:
    call("POST", JOB_PATH, job("j", suspend=True))
    call.server.cluster.store.compact()
    answer = call("GET", f"{JOB_PATH}?watch=1&resourceVersion=1")
    assert answer.status == 200
    (event,) = events(answer)
    assert event["type"] == "ERROR"
    assert (event["object"]["code"], event["object"]["reason"]) == (410, "Expired")
    assert event["object"]["message"].startswith("too old resource version: 1 (")


def test_a_watch_from_a_version_that_is_not_there_yet_waits_for_it(call: Caller) -> None:
    version = call.server.cluster.store.version + 2
    path = f"{JOB_PATH}?watch=1&resourceVersion={version}&timeoutSeconds=5"
    headers = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
    stream = call.http.request(
        "GET", call.server.url + path, headers=headers, preload_content=False, timeout=20
    )
    assert stream.status == 200
    for name in ("a", "b", "c"):
        call("POST", "/api/v1/namespaces/default/configmaps", {"metadata": {"name": name}})
    call("POST", JOB_PATH, job("later", suspend=True))
    call.server.cluster.advance(6)
    seen = [json.loads(line)["object"]["metadata"]["name"] for line in stream.data.splitlines()]
    assert set(seen) == {"later"}


def test_an_evicted_pod_is_disrupted_where_it_runs(call: Caller) -> None:
    call.server.cluster.add_node("n")
    for name in ("waits", "runs"):
        call("POST", POD_PATH, pod(name))
    call("PATCH", f"{POD_PATH}/runs/status", {"status": RUNNING}, MERGE)
    for name in ("waits", "runs"):
        eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name}}
        dry = call.read("POST", f"{POD_PATH}/{name}/eviction?dryRun=All", eviction)
        assert dry[0] == 201
        assert "deletionTimestamp" not in call.read("GET", f"{POD_PATH}/{name}")[1]["metadata"]
        code, done = call.read("POST", f"{POD_PATH}/{name}/eviction", eviction)
        assert (code, done["status"], done["code"]) == (201, "Success", 201)

    marks = {}
    for name in ("waits", "runs"):
        _, found = call.read("GET", f"{POD_PATH}/{name}")
        assert "deletionTimestamp" in found["metadata"]
        conditions = found["status"].get("conditions", [])
        marks[name] = [each["reason"] for each in conditions if each["type"] == "DisruptionTarget"]
    assert marks == {"waits": [], "runs": ["EvictionByEvictionAPI"]}
    code, refused = call.read("POST", f"{POD_PATH}/runs/eviction", {"metadata": {"name": "other"}})
    assert (code, refused["message"]) == (400, "name in URL does not match name in Eviction object")


def test_a_pod_has_one_node(call: Caller) -> None:
    call("POST", POD_PATH, pod("p"))
    target = {"target": {"kind": "Node", "name": "n"}}
    assert call.read("POST", f"{POD_PATH}/p/binding", target)[0] == 201
    bound = call.read("GET", f"{POD_PATH}/p")[1]
    (condition,) = bound["status"]["conditions"]
    assert (bound["spec"]["nodeName"], condition["type"], condition["status"]) == (
        "n",
        "PodScheduled",
        "True",
    )
    code, refused = call.read("POST", f"{POD_PATH}/p/binding", target)
    assert (code, refused["reason"]) == (409, "Conflict")
    assert refused["message"] == (
        'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n"'
    )


def test_the_log_of_a_pod_without_a_node_is_empty(call: Caller) -> None:
    inits = [{"name": "first", "image": "yule"}]
    containers = [{"name": name, "image": "yule"} for name in ("main", "side")]
    call("POST", POD_PATH, pod("p", initContainers=inits, containers=containers))
    answer = call("GET", f"{POD_PATH}/p/log?container=main")
    assert (answer.status, answer.data) == (204, b"")
    _, refused = call.read("GET", f"{POD_PATH}/p/log")
    assert refused["message"].endswith("for pod p, choose one of: [first main side]")


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [("POST", JOB_PATH, "CreateOptions"), ("DELETE", f"{JOB_PATH}/j", "DeleteOptions")],
)
def test_a_dry_run_of_part_of_it_is_refused(
    call: Caller, method: str, path: str, kind: str
) -> None:
    code, refused = call.read(method, f"{path}?dryRun=Some", job("j"))
    assert code == 422
    assert f'{kind}.meta.k8s.io "" is invalid: dryRun: Unsupported value' in refused["message"]


def test_a_dry_run_changes_nothing(call: Caller) -> None:
    call("POST", JOB_PATH, job("j", suspend=True))
    before = call.read("GET", f"{JOB_PATH}/j")
    patch: Callable[..., Any] = call.read
    code, told = patch(
        "PATCH", f"{JOB_PATH}/j?dryRun=All", {"spec": {"suspend": False}}, media_type=MERGE
    )
    assert (code, told["spec"]["suspend"]) == (200, False)
    assert call.read("DELETE", f"{JOB_PATH}/j?dryRun=All")[0] == 200
    assert call.read("GET", f"{JOB_PATH}/j") == before


def test_a_job_that_names_the_job_controller_is_managed_by_it(call: Caller) -> None:
    for name, manager in (("ours", "kubernetes.io/job-controller"), ("theirs", "example.com/it")):
        call("POST", JOB_PATH, job(name, managedBy=manager))
    call.server.cluster.advance(2)
    _, listed = call.read("GET", POD_PATH)
    owners = [each["metadata"]["ownerReferences"][0]["name"] for each in listed["items"]]
    assert owners == ["ours"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("tailLines=-1", "tailLines: Invalid value: -1: must be greater than or equal to 0"),
        ("limitBytes=0", "limitBytes: Invalid value: 0: must be greater than 0"),
        ("sinceSeconds=5&sinceTime=2026-01-01T00:00:00Z", "at most one of `sinceTime` or `since"),
    ],
)
def test_logs_that_cannot_be_are_refused(call: Caller, query: str, message: str) -> None:
    call("POST", POD_PATH, pod("p"))
    code, refused = call.read("GET", f"{POD_PATH}/p/log?{query}")
    assert code == 422
    assert refused["message"].startswith('PodLogOptions "p" is invalid: ')
    assert message in refused["message"]


def test_pods_get_the_priority_of_their_class_and_none_without_it(call: Caller) -> None:
    template = job("j")["spec"]["template"]
    template["spec"]["priorityClassName"] = "urgent"
    call("POST", JOB_PATH, job("j", template=template))
    call.server.cluster.advance(2)
    _, events = call.read("GET", "/api/v1/namespaces/default/events")
    refused = 'Error creating: pods "j-" is forbidden: no PriorityClass with name urgent was found'
    assert [each["message"] for each in events["items"]] == [refused]

    urgent = {"metadata": {"name": "urgent"}, "value": 7, "preemptionPolicy": "Never"}
    assert call("POST", "/apis/scheduling.k8s.io/v1/priorityclasses", urgent).status == 201
    call.server.cluster.advance(60)
    (made,) = call.read("GET", POD_PATH)[1]["items"]
    assert (made["spec"]["priority"], made["spec"]["preemptionPolicy"]) == (7, "Never")
