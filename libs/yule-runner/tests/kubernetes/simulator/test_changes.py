"""Objects that change and go: patches, finalizers, deletions, after the sources of 1.36."""

from __future__ import annotations

from typing import Any

import pytest
from caller import JOB_PATH, JSON_PATCH, MERGE, POD_PATH, STRATEGIC, Caller, causes, job, pod
from yule_runner.testing.kubernetes.resources import BY_KIND
from yule_runner.testing.kubernetes.storage.shapes import shape_of
from yule_runner.testing.kubernetes.storage.strategic import strategic_merge_patch

Json = dict[str, Any]

CONFIG_PATH = "/api/v1/namespaces/default/configmaps"


def containers(*names: str) -> list[Json]:
    return [{"name": name, "image": f"{name}:1"} for name in names]


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ({"containers": [{"name": "b", "image": "b:2"}]}, ["a a:1", "b b:2"]),
        ({"containers": containers("c")}, ["c c:1", "a a:1", "b b:1"]),
        ({"containers": [{"name": "a", "$patch": "delete"}]}, ["b b:1"]),
        ({"containers": [{"$patch": "replace"}, *containers("c")]}, ["c c:1"]),
        ({"$setElementOrder/containers": [{"name": "b"}, {"name": "a"}]}, ["b b:1", "a a:1"]),
    ],
)
def test_lists_merge_by_the_key_of_their_items(patch: Json, expected: list[str]) -> None:
    shape = shape_of(BY_KIND["Pod"])
    body = {"spec": {"containers": containers("a", "b")}}
    changed = strategic_merge_patch(body, {"spec": patch}, shape)
    found = changed["spec"]["containers"]
    assert [f"{each['name']} {each['image']}" for each in found] == expected


def test_conditions_of_jobs_merge_by_their_type(call: Caller) -> None:
    call("POST", JOB_PATH, job("j", managedBy="example.com/it"))
    for kind in ("Suspended", "SuccessCriteriaMet"):
        status = {"status": {"conditions": [{"type": kind, "status": "True"}]}}
        code, changed = call.read("PATCH", f"{JOB_PATH}/j/status", status, media_type=STRATEGIC)
        assert code == 200
    kinds = [each["type"] for each in changed["status"]["conditions"]]
    assert sorted(kinds) == ["SuccessCriteriaMet", "Suspended"]


def test_items_without_their_key_cannot_be_merged(call: Caller) -> None:
    call("POST", JOB_PATH, job("j", suspend=True))
    patch = {"spec": {"template": {"spec": {"containers": [{"image": "x"}]}}}}
    code, refused = call.read("PATCH", f"{JOB_PATH}/j", patch, media_type=STRATEGIC)
    assert code == 400
    assert "does not contain declared merge key: name" in refused["message"]


def test_tolerations_are_replaced_and_kept_keys_are_named(call: Caller) -> None:
    body = job("j", suspend=True)
    body["spec"]["template"]["spec"] |= {
        "tolerations": [{"key": "a"}],
        "nodeSelector": {"a": "1", "b": "2"},
    }
    call("POST", JOB_PATH, body)
    patch = {"tolerations": [{"key": "b"}], "nodeSelector": {"$retainKeys": ["c"], "c": "3"}}
    body = {"spec": {"template": {"spec": patch}}}
    code, changed = call.read("PATCH", f"{JOB_PATH}/j", body, media_type=STRATEGIC)
    assert code == 200
    spec = changed["spec"]["template"]["spec"]
    assert (spec["tolerations"], spec["nodeSelector"]) == ([{"key": "b"}], {"c": "3"})


def test_a_job_at_rest_takes_other_resources_and_one_that_runs_does_not(call: Caller) -> None:
    call.server.cluster.add_node("n")
    call("POST", JOB_PATH, job("j", suspend=True))
    more = {"name": "main", "resources": {"requests": {"cpu": "2"}}}
    patch = {"spec": {"template": {"spec": {"containers": [more]}}}}
    assert call("PATCH", f"{JOB_PATH}/j", patch, STRATEGIC).status == 200

    call("PATCH", f"{JOB_PATH}/j", {"spec": {"suspend": False}}, MERGE)
    call.server.cluster.advance(2)
    (made,) = call.read("GET", POD_PATH)[1]["items"]
    assert made["spec"]["containers"][0]["resources"] == {"requests": {"cpu": "2"}}
    more["resources"] = {"requests": {"cpu": "3"}}
    code, refused = call.read("PATCH", f"{JOB_PATH}/j", patch, media_type=STRATEGIC)
    assert code == 422
    assert [field for field, _ in causes(refused)] == ["spec.template.spec"]


def test_what_is_being_deleted_waits_for_its_finalizers_and_gets_no_new_ones(
    call: Caller,
) -> None:
    body = job("j", suspend=True)
    body["metadata"]["finalizers"] = ["example.com/a"]
    call("POST", JOB_PATH, body)
    code, marked = call.read("DELETE", f"{JOB_PATH}/j?propagationPolicy=Background")
    assert code == 200
    assert (marked["metadata"]["deletionGracePeriodSeconds"], marked["kind"]) == (0, "Job")

    patch = {"metadata": {"finalizers": ["example.com/a", "example.com/b"]}}
    code, refused = call.read("PATCH", f"{JOB_PATH}/j", patch, media_type=MERGE)
    assert (code, causes(refused)) == (
        422,
        [
            (
                "metadata.finalizers",
                "Forbidden: no new finalizers can be added if the object is being deleted, found "
                'new finalizers []string{"example.com/b"}',
            )
        ],
    )

    patch = {"metadata": {"finalizers": None}}
    code, last = call.read("PATCH", f"{JOB_PATH}/j", patch, media_type=MERGE)
    assert (code, "finalizers" in last["metadata"]) == (200, False)
    assert call("GET", f"{JOB_PATH}/j").status == 404


@pytest.mark.parametrize(
    ("query", "finalizer", "code"),
    [
        ("orphanDependents=false", "example.com/a", 202),
        ("orphanDependents=true", "example.com/a", 200),
        ("orphanDependents=false", "", 200),
        ("propagationPolicy=Background", "example.com/a", 200),
    ],
)
def test_only_the_old_way_to_delete_says_that_it_takes_time(
    call: Caller, query: str, finalizer: str, code: int
) -> None:
    metadata = {"name": "c"} | ({"finalizers": [finalizer]} if finalizer else {})
    call("POST", CONFIG_PATH, {"metadata": metadata})
    assert call("DELETE", f"{CONFIG_PATH}/c?{query}").status == code


@pytest.mark.parametrize(("body", "finalizers"), [(None, None), ({}, ["orphan"])])
def test_a_body_counts_instead_of_the_query_even_where_it_is_empty(
    call: Caller, body: Json | None, finalizers: list[str] | None
) -> None:
    call("POST", JOB_PATH, job("j", suspend=True))
    # The garbage collector takes the finalizer away before the next request.
    path = f"{JOB_PATH}/j?propagationPolicy=Background"
    code, answer = call.read("DELETE", path, body)
    assert (code, answer.get("metadata", {}).get("finalizers")) == (200, finalizers)


def test_metadata_that_are_fixed_stay(call: Caller) -> None:
    _, made = call.read("POST", CONFIG_PATH, {"metadata": {"name": "c"}})
    other = {
        "creationTimestamp": "2020-01-01T00:00:00Z",
        "deletionTimestamp": "2020-01-01T00:00:00Z",
    }
    body = made | {"metadata": made["metadata"] | other}
    code, refused = call.read("PUT", f"{CONFIG_PATH}/c", body)
    assert code == 422
    assert [field for field, _ in causes(refused)] == ["metadata.creationTimestamp"]


def test_an_object_with_a_version_cannot_be_created(call: Caller) -> None:
    _, made = call.read("POST", CONFIG_PATH, {"metadata": {"name": "c"}})
    call("DELETE", f"{CONFIG_PATH}/c")
    code, refused = call.read("POST", CONFIG_PATH, made)
    assert (code, refused["message"], refused.get("reason")) == (
        500,
        "resourceVersion should not be set on objects to be created",
        None,
    )


def test_labels_of_a_job_can_be_changed_together_with_its_status(call: Caller) -> None:
    call("POST", JOB_PATH, job("j", managedBy="example.com/it"))
    patch = {
        "metadata": {"annotations": {"a": "b"}},
        "status": {"active": 1},
        "spec": {"suspend": True},
    }
    code, changed = call.read("PATCH", f"{JOB_PATH}/j/status", patch, media_type=MERGE)
    assert code == 200
    assert (changed["metadata"]["annotations"], changed["status"]["active"]) == ({"a": "b"}, 1)
    assert changed["spec"]["suspend"] is False


def test_owners_of_a_pod_cannot_be_changed_together_with_its_status(call: Caller) -> None:
    call("POST", POD_PATH, pod("p"))
    owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": "c", "uid": "u"}
    patch = {"metadata": {"ownerReferences": [owner], "labels": {"a": "b"}}}
    code, changed = call.read("PATCH", f"{POD_PATH}/p/status", patch, media_type=MERGE)
    assert code == 200
    assert (changed["metadata"]["labels"], "ownerReferences" in changed["metadata"]) == (
        {"a": "b"},
        False,
    )


@pytest.mark.parametrize(
    ("media_type", "patch", "code", "message"),
    [
        (JSON_PATCH, {}, 400, "cannot unmarshal object into Go value of type jsonpatch.Patch"),
        (MERGE, [], 400, "cannot unmarshal array into Go value of type map[string]interface {}"),
        (STRATEGIC, "x", 400, "cannot unmarshal string into Go value of type map[string]inter"),
        (
            MERGE,
            {"spec": {"parallelism": "x"}},
            422,
            "json: cannot unmarshal string into Go struct field JobSpec.spec.parallelism of type "
            "int32",
        ),
    ],
)
def test_what_is_no_patch_or_makes_no_object_is_refused(
    call: Caller, media_type: str, patch: Any, code: int, message: str
) -> None:
    call("POST", JOB_PATH, job("j", suspend=True))
    found, refused = call.read("PATCH", f"{JOB_PATH}/j", patch, media_type=media_type)
    assert found == code
    assert message in refused["message"]


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("suspend", "yes", "string into Go struct field JobSpec.spec.suspend of type bool"),
        (
            "template",
            [],
            "array into Go struct field JobSpec.spec.template of type v1.PodTemplateSpec",
        ),
        (
            "activeDeadlineSeconds",
            "9",
            "string into Go struct field JobSpec.spec.activeDeadlineSec",
        ),
    ],
)
def test_fields_of_the_wrong_type_are_named(
    call: Caller, field: str, value: Any, place: str
) -> None:
    body = job("j") | {"spec": job("j")["spec"] | {field: value}}
    code, refused = call.read("POST", JOB_PATH, body)
    assert code == 400
    assert f"json: cannot unmarshal {place}" in refused["message"]
