"""Objects as the tables that `kubectl get` prints (pkg/printers/internalversion)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yule_runner.testing.kubernetes.clock import parse_time
from yule_runner.testing.kubernetes.resources import Resource

__all__ = ["table"]

Json = dict[str, Any]

_Column = tuple[str, str, int]
_NAME: _Column = ("Name", "name", 0)
_COLUMNS: dict[str, tuple[_Column, ...]] = {
    "Pod": (
        _NAME,
        ("Ready", "", 0),
        ("Status", "", 0),
        ("Restarts", "", 0),
        ("Age", "", 0),
        ("IP", "", 1),
        ("Node", "", 1),
        ("Nominated Node", "", 1),
        ("Readiness Gates", "", 1),
    ),
    "Job": (_NAME, ("Status", "", 0), ("Completions", "", 0), ("Duration", "", 0), ("Age", "", 0)),
}
_ANY: tuple[_Column, ...] = (_NAME, ("Age", "", 0))


def table(resource: Resource, items: Sequence[Json], metadata: Json, now_s: float) -> Json:
    """Return a meta.k8s.io/v1 Table of objects."""
    columns = _COLUMNS.get(resource.kind, _ANY)
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": metadata,
        "columnDefinitions": [
            {"name": name, "type": "string", "format": form, "description": name, "priority": rank}
            for name, form, rank in columns
        ],
        "rows": [
            {
                "cells": _cells(resource, item, now_s),
                "object": {
                    "kind": "PartialObjectMetadata",
                    "apiVersion": "meta.k8s.io/v1",
                    "metadata": item["metadata"],
                },
            }
            for item in items
        ],
    }


def _cells(resource: Resource, item: Json, now_s: float) -> list[str]:
    name = item["metadata"]["name"]
    age = _duration(now_s - parse_time(item["metadata"]["creationTimestamp"]))
    if resource.kind == "Pod":
        statuses = item["status"].get("containerStatuses", [])
        ready = sum(bool(each.get("ready")) for each in statuses)
        restarts = sum(each.get("restartCount", 0) for each in statuses)
        total, node = len(item["spec"]["containers"]), item["spec"].get("nodeName", "<none>")
        address = item["status"].get("podIP", "<none>")
        row = [name, f"{ready}/{total}", _pod_status(item), str(restarts), age]
        return [*row, address, node, "<none>", "<none>"]
    if resource.kind == "Job":
        status, completions = item["status"], item["spec"].get("completions")
        done = f"{status.get('succeeded', 0)}/{completions or 1}"
        started, ended = status.get("startTime"), status.get("completionTime")
        until_s = parse_time(ended) if ended else now_s
        took = _duration(until_s - parse_time(started)) if started else ""
        return [name, _job_status(item), done, took, age]
    return [name, age]


def _pod_status(pod: Json) -> str:
    status = pod["status"]
    reason = status.get("reason") or status.get("phase", "")
    for container in status.get("containerStatuses", []):
        state = container.get("state", {})
        why = state.get("waiting", {}).get("reason") or state.get("terminated", {}).get("reason")
        reason = why or reason
    return "Terminating" if "deletionTimestamp" in pod["metadata"] else str(reason)


def _job_status(job: Json) -> str:
    conditions = {
        each["type"] for each in job["status"].get("conditions", []) if each["status"] == "True"
    }
    if "deletionTimestamp" in job["metadata"] and not conditions & {"Complete", "Failed"}:
        return "Terminating"
    order = ("Complete", "Failed", "Suspended", "FailureTarget", "SuccessCriteriaMet")
    return next((kind for kind in order if kind in conditions), "Running")


def _duration(seconds: float) -> str:
    """Write a duration as k8s.io/apimachinery pkg/util/duration does, up to days."""
    whole = max(0, int(seconds))
    if whole < 120:
        return f"{whole}s"
    minutes, rest = divmod(whole, 60)
    if minutes < 10:
        return f"{minutes}m{rest}s" if rest else f"{minutes}m"
    if minutes < 180:
        return f"{minutes}m"
    hours, rest = divmod(minutes, 60)
    if hours < 8:
        return f"{hours}h{rest}m" if rest else f"{hours}h"
    return f"{hours}h" if hours < 48 else f"{hours // 24}d"
