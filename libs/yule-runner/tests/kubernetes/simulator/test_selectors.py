"""Which objects a selector selects, and what is said of one that cannot be read."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from caller import Caller

PATH = "/api/v1/namespaces/default/configmaps"


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        ("app", ["a", "b"]),
        ("!app", ["c"]),
        ("app=x", ["a"]),
        ("app==x,size", ["a"]),
        ("app!=x", ["b", "c"]),
        ("app in (x, y)", ["a", "b"]),
        ("app in (x,)", ["a"]),
        ("app notin (x)", ["b", "c"]),
        ("app=", []),
        ("size>5", ["a"]),
        ("size<5", []),
        ("in in (in)", []),
        ("", ["a", "b", "c"]),
    ],
)
def test_labels_select(call: Caller, selector: str, names: list[str]) -> None:
    for name, labels in (("a", {"app": "x", "size": "7"}), ("b", {"app": "y"}), ("c", {})):
        call("POST", PATH, {"metadata": {"name": name, "labels": labels}})
    _, listed = call.read("GET", f"{PATH}?labelSelector={quote(selector)}")
    assert [each["metadata"]["name"] for each in listed["items"]] == names


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("=x", "found '=', expected: !, identifier, or 'end of string'"),
        ("a,", "found '', expected: identifier after ','"),
        ("a=b c", "found 'c', expected: ',' or 'end of string'"),
        ("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
        ("a in", "unable to parse requirement: found '' expected: '('"),
        ("a in (b", "unable to parse requirement: found '', expected: ',' or ')'"),
        ("!", "unable to parse requirement: found '', expected: identifier"),
        (
            "a>b",
            "unable to parse requirement: <nil>: Invalid value: \"b\": for 'Gt', 'Lt' "
            "operators, the value must be an integer",
        ),
    ],
)
def test_what_cannot_be_read_is_refused(call: Caller, selector: str, message: str) -> None:
    code, refused = call.read("GET", f"{PATH}?labelSelector={quote(selector)}")
    assert (code, refused["message"]) == (400, message)


def test_a_key_that_cannot_be_is_named(call: Caller) -> None:
    code, refused = call.read("GET", f"{PATH}?labelSelector={quote('a$b')}")
    assert code == 400
    start = 'unable to parse requirement: <nil>: Invalid value: "a$b": name part must consist of'
    assert refused["message"].startswith(start)
