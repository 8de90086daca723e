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
    "Job": (
        _NAME,
        ("Status", "", 0),
        ("Completions", "", 0),
        ("Duration", "", 0),
        ("Age", "", 0),
        ("Containers", "", 1),
        ("Images", "", 1),
        ("Selector", "", 1),
    ),
    "Event": (
        ("Last Seen", "", 0),
        ("Type", "", 0),
        ("Reason", "", 0),
        ("Object", "", 0),
        ("Subobject", "", 1),
        ("Source", "", 1),
        ("Message", "", 0),
        ("First Seen", "", 1),
        ("Count", "", 1),
        ("Name", "name", 1),
    ),
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
    age = _since(item["metadata"]["creationTimestamp"], now_s)
    match resource.kind:
        case "Pod":
            return _pod_cells(item, age)
        case "Job":
            return _job_cells(item, age, now_s)
        case "Event":
            return _event_cells(item, now_s)
        case _:
            return [name, age]


def _pod_cells(pod: Json, age: str) -> list[str]:
    statuses = pod["status"].get("containerStatuses", [])
    ready = sum(bool(each.get("ready")) for each in statuses)
    restarts = sum(each.get("restartCount", 0) for each in statuses)
    total, node = len(pod["spec"]["containers"]), pod["spec"].get("nodeName", "<none>")
    address = pod["status"].get("podIP", "<none>")
    nominated = pod["status"].get("nominatedNodeName", "<none>")
    row = [pod["metadata"]["name"], f"{ready}/{total}", _pod_status(pod), str(restarts), age]
    return [*row, address, node, nominated, "<none>"]


def _job_cells(job: Json, age: str, now_s: float) -> list[str]:
    spec, status = job["spec"], job["status"]
    succeeded, parallelism = status.get("succeeded", 0), spec.get("parallelism", 1)
    if spec.get("completions") is not None:
        done = f"{succeeded}/{spec['completions']}"
    else:
        done = f"{succeeded}/1 of {parallelism}" if parallelism > 1 else f"{succeeded}/1"
    started, ended = status.get("startTime"), status.get("completionTime")
    until_s = parse_time(ended) if ended else now_s
    took = _duration(until_s - parse_time(started)) if started else ""
    containers = spec["template"]["spec"]["containers"]
    labels = (spec["selector"].get("matchLabels") or {}).items()
    return [
        *(job["metadata"]["name"], _job_status(job), done, took, age),
        ",".join(each["name"] for each in containers),
        ",".join(each["image"] for each in containers),
        ",".join(f"{key}={value}" for key, value in sorted(labels)) or "<none>",
    ]


def _event_cells(event: Json, now_s: float) -> list[str]:
    about = event["involvedObject"]
    last = event.get("lastTimestamp") or event.get("eventTime")
    first = event.get("firstTimestamp") or event.get("eventTime")
    source = event["source"].get("component") or event["reportingComponent"]
    return [
        *(_since(last, now_s), event.get("type", ""), event.get("reason", "")),
        *(f"{about['kind'].lower()}/{about['name']}", about.get("fieldPath", ""), source),
        *(event.get("message", ""), _since(first, now_s), str(event.get("count", 1))),
        event["metadata"]["name"],
    ]


def _since(when: str | None, now_s: float) -> str:
    return _duration(now_s - parse_time(when)) if when else "<unknown>"


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
