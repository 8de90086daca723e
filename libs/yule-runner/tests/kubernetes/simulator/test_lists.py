"""Lists and watches: which versions they show, and which they refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest
import urllib3
from caller import JOB_PATH, POD_PATH, Caller, job
from yule_runner.testing.kubernetes.http.access import ADMIN_TOKEN

Json = dict[str, Any]

CONFIG_PATH = "/api/v1/namespaces/default/configmaps"


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


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("limit=1", ["a"]),
        ("limit=1&resourceVersion=0", ["a", "b", "c"]),
        ("limit=2&resourceVersion={version}", ["a", "b"]),
        ("resourceVersion={version}&resourceVersionMatch=NotOlderThan", ["a", "b", "c"]),
    ],
)
def test_which_version_and_how_much_of_it_a_list_shows(
    call: Caller, query: str, names: list[str]
) -> None:
    for name in "ab":
        call("POST", CONFIG_PATH, {"metadata": {"name": name}})
    version = call.read("GET", CONFIG_PATH)[1]["metadata"]["resourceVersion"]
    call("POST", CONFIG_PATH, {"metadata": {"name": "c"}})

    _, listed = call.read("GET", f"{CONFIG_PATH}?{query.format(version=version)}")

    assert [each["metadata"]["name"] for each in listed["items"]] == names
    is_exact = "limit=2" in query
    assert (listed["metadata"]["resourceVersion"] == version) is is_exact
    assert ("continue" in listed["metadata"]) is (query == "limit=1")
