"""What the API server answers where no recording asks, after the sources of Kubernetes 1.36."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from caller import APPLY, JOB_PATH, JSON_PATCH, MERGE, POD_PATH, Caller, job
from yule_runner.kubernetes.api import JOBS, ClusterApi
from yule_runner.kubernetes.connecting import connect
from yule_runner.kubernetes.errors import Conflict

Json = dict[str, Any]


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


def test_server_side_apply_is_not_simulated_and_that_is_said(call: Caller) -> None:
    call("POST", JOB_PATH, job("j", suspend=True))
    code, refused = call.read("PATCH", f"{JOB_PATH}/j", {}, media_type=APPLY)
    assert (code, refused["reason"]) == (501, "NotImplemented")
    assert refused["message"].endswith("send a merge or strategic patch")


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
