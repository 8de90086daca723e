"""Statuses of Jobs that the API server refuses, in its words."""

from __future__ import annotations

from typing import Any

import pytest
from caller import JOB_PATH, MERGE, Caller, causes, job

Json = dict[str, Any]

INDEXED = {"completionMode": "Indexed", "completions": 4, "parallelism": 4}
NOW, LATER = "2026-01-01T00:00:00Z", "2026-01-01T00:00:09Z"


def condition(kind: str) -> Json:
    return {"type": kind, "status": "True", "lastProbeTime": NOW, "lastTransitionTime": NOW}


@pytest.mark.parametrize(
    ("status", "field", "message"),
    [
        (
            {"conditions": [condition("Complete")], "completionTime": NOW, "startTime": NOW},
            "status.conditions",
            "Invalid value: cannot set Complete=True condition without the "
            "SuccessCriteriaMet=true condition",
        ),
        (
            {"conditions": [condition("Failed")], "startTime": NOW},
            "status.conditions",
            "Invalid value: cannot set Failed=True condition without the FailureTarget=true "
            "condition",
        ),
        (
            {"conditions": [condition("FailureTarget"), condition("Failed")]},
            "status.startTime",
            "Required value: startTime is required for finished job",
        ),
        (
            {"conditions": [condition("SuccessCriteriaMet"), condition("Complete")]},
            "status.completionTime",
            "Required value: completionTime is required for Complete jobs",
        ),
        (
            {"startTime": LATER, "completionTime": NOW},
            "status.completionTime",
            f'Invalid value: "{NOW}": completionTime cannot be set before startTime',
        ),
        (
            {
                "conditions": [condition("FailureTarget"), condition("Failed")],
                "startTime": NOW,
                "active": 1,
            },
            "status.active",
            "Invalid value: 1: active>0 is invalid for finished job",
        ),
        ({"succeeded": -1}, "status.succeeded", "Invalid value: -1: must be greater than or equal "
         "to 0"),
        ({"active": 1, "ready": 2}, "status.ready", "Invalid value: 2: cannot set more ready pods "
         "than active"),
        (
            {"completedIndexes": "1", "failedIndexes": "0-2"},
            "status.failedIndexes",
            'Invalid value: "0-2": failedIndexes and completedIndexes overlap at index: 1',
        ),
        (
            {"completedIndexes": "9"},
            "status.completedIndexes",
            'Invalid value: "9": error parsing completedIndexes: too large index: "9"',
        ),
        (
            {"uncountedTerminatedPods": {"failed": ["a", "a"]}},
            "status.uncountedTerminatedPods.failed[1]",
            'Duplicate value: "a"',
        ),
    ],
)  # fmt: skip
def test_a_status_that_cannot_be_is_refused(
    call: Caller, status: Json, field: str, message: str
) -> None:
    body = job("j", managedBy="example.com/it", backoffLimitPerIndex=1, **INDEXED)
    assert call("POST", JOB_PATH, body).status == 201
    patch = {"status": status}
    code, refused = call.read("PATCH", f"{JOB_PATH}/j/status", patch, media_type=MERGE)
    assert code == 422
    assert (field, message) in causes(refused)


def test_a_status_goes_forward_only(call: Caller) -> None:
    call("POST", JOB_PATH, job("j", managedBy="example.com/it"))
    path, media_type = f"{JOB_PATH}/j/status", "application/merge-patch+json"

    def change(**status: Any) -> tuple[int, Json]:
        return call.read("PATCH", path, {"status": status}, media_type=media_type)

    failed = [condition("FailureTarget"), condition("Failed")]
    assert change(startTime=NOW, failed=2, conditions=failed)[0] == 200
    for status, said in (
        ({"failed": 1}, "Invalid value: 1: cannot decrease the failed counter"),
        ({"startTime": LATER}, "Required value: startTime cannot be removed for unsuspended job"),
        ({"conditions": []}, "Invalid value: cannot disable the terminal Failed=True condition"),
    ):
        code, refused = change(**status)
        assert code == 422
        assert said in [message for _, message in causes(refused)]
