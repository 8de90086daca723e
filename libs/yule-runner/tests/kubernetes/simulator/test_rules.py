"""What the API server refuses, in its words: after the sources of Kubernetes 1.36."""

from __future__ import annotations

from typing import Any

import pytest
from caller import JOB_PATH, POD_PATH, Caller, causes, job, pod

Json = dict[str, Any]

INDEXED = {"completionMode": "Indexed", "completions": 4, "parallelism": 4}
ACTIONS = '["Count" "FailIndex" "FailJob" "Ignore"]'


def refusal(call: Caller, body: Json, path: str = JOB_PATH) -> list[tuple[str, str]]:
    code, refused = call.read("POST", path, body)
    assert (code, refused["reason"]) == (422, "Invalid"), refused
    return causes(refused)


@pytest.mark.parametrize(
    ("spec", "field", "message"),
    [
        (
            INDEXED | {"successPolicy": {"rules": []}},
            "spec.successPolicy.rules",
            "Required value: at least one rules must be specified when the successPolicy is "
            "specified",
        ),
        (
            INDEXED | {"successPolicy": {"rules": [{}]}},
            "spec.successPolicy.rules[0]",
            "Required value: at least one of succeededCount or succeededIndexes must be specified",
        ),
        (
            INDEXED | {"successPolicy": {"rules": [{"succeededCount": 5}]}},
            "spec.successPolicy.rules[0].succeededCount",
            "Invalid value: 5: must be less than or equal to 4 (the number of specified "
            "completions)",
        ),
        (
            INDEXED
            | {"successPolicy": {"rules": [{"succeededCount": 3, "succeededIndexes": "0-1"}]}},
            "spec.successPolicy.rules[0].succeededCount",
            "Invalid value: 3: must be less than or equal to 2 (the number of indexes in the "
            "specified succeededIndexes field)",
        ),
        (
            INDEXED | {"successPolicy": {"rules": [{"succeededIndexes": "2,1"}]}},
            "spec.successPolicy.rules[0].succeededIndexes",
            'Invalid value: "2,1": error parsing succeededIndexes: non-increasing order, '
            "previous: 2, current: 1",
        ),
        (
            INDEXED | {"successPolicy": {"rules": [{"succeededIndexes": "0-x"}]}},
            "spec.successPolicy.rules[0].succeededIndexes",
            'Invalid value: "0-x": error parsing succeededIndexes: cannot convert string to '
            'integer for index: "x"',
        ),
        (
            INDEXED | {"maxFailedIndexes": 2},
            "spec.backoffLimitPerIndex",
            "Required value: when maxFailedIndexes is specified",
        ),
        (
            INDEXED | {"completionMode": "Some"},
            "spec.completionMode",
            'Unsupported value: "Some": supported values: "NonIndexed", "Indexed"',
        ),
        (
            {"managedBy": "somebody"},
            "spec.managedBy",
            'Invalid value: "somebody": must be a domain-prefixed path (such as "acme.io/foo")',
        ),
        (
            {"podFailurePolicy": {"rules": [{}]}},
            "spec.podFailurePolicy.rules[0].action",
            f"Required value: valid values: {ACTIONS}",
        ),
        (
            {"selector": {"matchLabels": {"app": "x"}}},
            "spec.selector",
            None,
        ),
        (
            {"manualSelector": True},
            "spec.selector",
            "Required value",
        ),
        (
            {"manualSelector": True, "selector": {"matchExpressions": [{"key": "a"}]}},
            "spec.selector.matchExpressions[0].operator",
            'Invalid value: "": not a valid selector operator',
        ),
        ({"parallelism": -1}, "spec.parallelism", "Invalid value: -1: must be greater than or "
         "equal to 0"),
    ],
)  # fmt: skip
def test_a_job_that_cannot_be_is_refused(
    call: Caller, spec: Json, field: str, message: str | None
) -> None:
    found = refusal(call, job("j", **spec))
    assert field in dict(found)
    if message is not None:
        assert (field, message) in found


def test_labels_of_pods_that_are_those_of_another_job_are_refused(call: Caller) -> None:
    body = job("j")
    body["spec"]["template"]["metadata"] = {"labels": {"job-name": "k", "app": "x"}}
    ((field, message),) = refusal(call, body)
    assert field == "spec.template.metadata.labels[job-name]"
    assert message.endswith("must be 'j'")


def test_own_labels_and_a_selector_that_fit_are_kept(call: Caller) -> None:
    body = job("j", selector={"matchLabels": {"job-name": "j"}}, suspend=True)
    body["spec"]["template"]["metadata"] = {"labels": {"app": "x"}}
    code, made = call.read("POST", JOB_PATH, body)
    assert code == 201
    uid = made["metadata"]["uid"]
    wanted = {"job-name": "j", "batch.kubernetes.io/controller-uid": uid}
    assert made["spec"]["selector"]["matchLabels"] == wanted
    assert made["metadata"]["labels"]["app"] == "x"
    assert made["metadata"]["labels"] == made["spec"]["template"]["metadata"]["labels"]


@pytest.mark.parametrize(
    ("metadata", "field", "message"),
    [
        ({"generateName": "AB-"}, "metadata.generateName", "a lowercase RFC 1123 subdomain"),
        ({"labels": {"a/b/c": "x"}}, "metadata.labels", "a qualified name must consist"),
        ({"labels": {"/b": "x"}}, "metadata.labels", "prefix part must be non-empty"),
        ({"labels": {"a": "x" * 64}}, "metadata.labels", "must be no more than 63 bytes"),
        ({"annotations": {"a b": ""}}, "metadata.annotations", "name part must consist"),
        ({"finalizers": ["mine"]}, "metadata.finalizers[0]", "neither a standard finalizer"),
        (
            {"finalizers": ["orphan", "foregroundDeletion"]},
            "metadata.finalizers",
            "finalizer orphan and foregroundDeletion cannot be both set",
        ),
        (
            {"ownerReferences": [{"apiVersion": "v1", "kind": "Pod", "name": "p"}]},
            "metadata.ownerReferences.uid",
            "uid must not be empty",
        ),
    ],
)
def test_metadata_that_cannot_be_are_refused(
    call: Caller, metadata: Json, field: str, message: str
) -> None:
    body = {"metadata": {"name": "c"} | metadata}
    found = refusal(call, body, "/api/v1/namespaces/default/configmaps")
    assert any(field == each and message in text for each, text in found), found


def test_events_may_be_called_what_other_objects_may_not(call: Caller) -> None:
    about = {"kind": "Pod", "namespace": "default", "name": "p"}
    path = "/api/v1/namespaces/default/events"
    named = {"metadata": {"generateName": "p."}, "involvedObject": about, "message": "m"}
    assert call("POST", path, named).status == 201
    found = refusal(call, named | {"metadata": {"name": "a%b"}}, path)
    assert found == [("metadata.name", "Invalid value: \"a%b\": may not contain '%'")]


def test_a_name_that_breaks_two_rules_is_told_both(call: Caller) -> None:
    found = refusal(call, pod("A" * 254), POD_PATH)
    assert [text.partition(": ")[2].partition(": ")[2][:34] for _, text in found] == [
        "must be no more than 253 bytes",
        "a lowercase RFC 1123 subdomain mus",
    ]


@pytest.mark.parametrize(
    ("resources", "field", "message"),
    [
        (
            {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}},
            "requests",
            'Invalid value: "2": must be less than or equal to cpu limit of 1',
        ),
        (
            {"requests": {"nvidia.com/gpu": "1"}},
            "limits",
            "Required value: Limit must be set for non overcommitable resources",
        ),
        (
            {"limits": {"nvidia.com/gpu": "500m"}},
            "limits[nvidia.com/gpu]",
            'Invalid value: "500m": must be an integer',
        ),
        (
            {"limits": {"memory": "-1Gi"}},
            "limits[memory]",
            'Invalid value: "-1Gi": must be greater than or equal to 0',
        ),
    ],
)
def test_resources_that_cannot_be_are_refused(
    call: Caller, resources: Json, field: str, message: str
) -> None:
    body = job("j")
    body["spec"]["template"]["spec"]["containers"][0]["resources"] = resources
    path = f"spec.template.spec.containers[0].resources.{field}"
    assert (path, message) in refusal(call, body)


def test_an_amount_that_is_none_cannot_be_read(call: Caller) -> None:
    body = job("j")
    amounts = {"limits": {"memory": "much"}}
    body["spec"]["template"]["spec"]["containers"][0]["resources"] = amounts
    code, refused = call.read("POST", JOB_PATH, body)
    assert (code, refused["message"]) == (
        400,
        'Job in version "v1" cannot be handled as a Job: quantities must match the regular '
        "expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    )


def test_what_a_changed_spec_breaks_by_itself_is_said_twice(call: Caller) -> None:
    call("POST", JOB_PATH, job("j", suspend=True))
    patch, media_type = {"spec": {"parallelism": -1}}, "application/merge-patch+json"
    code, refused = call.read("PATCH", f"{JOB_PATH}/j", patch, media_type=media_type)
    said = ("spec.parallelism", "Invalid value: -1: must be greater than or equal to 0")
    assert (code, causes(refused)) == (422, [said, said])
    assert refused["message"].count("must be greater") == 1
