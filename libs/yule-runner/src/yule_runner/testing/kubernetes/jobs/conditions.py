"""Conditions of a Job: interim ones are set first, terminal ones once its pods are gone."""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.clock import time_text

__all__ = ["condition", "ensure", "find_true", "is_finished"]

Json = dict[str, Any]


def condition(kind: str, reason: str, message: str, now_s: float, status: str = "True") -> Json:
    """Return a new condition."""
    now = time_text(now_s)
    body = {"type": kind, "status": status, "lastProbeTime": now, "lastTransitionTime": now}
    return body | {"reason": reason, "message": message}


def find_true(status: Json, kind: str) -> Json | None:
    """Return a condition that holds, or None."""
    found = (each for each in status.get("conditions", []) if each["type"] == kind)
    return next((each for each in found if each["status"] == "True"), None)


def is_finished(job: Json) -> bool:
    """Say whether the Job is Complete or Failed."""
    status = job.get("status", {})
    return any(find_true(status, kind) for kind in ("Complete", "Failed"))


def ensure(conditions: list[Json], wanted: Json) -> bool:
    """Append or replace a condition, in place; return whether anything changed.

    A condition that is not there is not added as False: that would say nothing.
    """
    said = ("status", "reason", "message")
    for place, each in enumerate(conditions):
        if each["type"] == wanted["type"]:
            if all(each.get(field) == wanted[field] for field in said):
                return False
            conditions[place] = wanted
            return True
    if wanted["status"] == "False":
        return False
    conditions.append(wanted)
    return True
