"""What a real control plane was asked and did in one scenario."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yule_runner.testing.kubernetes.clock import parse_time

__all__ = ["Recording", "read_recording"]

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One scenario.

    Attributes:
        namespace: where it happened.
        start_s: the moment of `t = 0`, in seconds since the epoch.
        steps: requests and kubelet actions, each with its `t`, in order.
        changes: what the watches saw, without bookmarks, each with its `t`.
        bookmarks: how many bookmarks each watch saw, by kind.
        end_s: the last `t`.
    """

    namespace: str
    start_s: float
    steps: list[Json]
    changes: list[Json]
    bookmarks: dict[str, int]
    end_s: float

    def busy_until(self, step: Json) -> Iterator[float]:
        """Yield until when the Job controller did nothing after a Job was created.

        It served all scenarios at once, with a limit on its requests.
        """
        if step.get("request", {}).get("method") != "POST" or step.get("status") != 201:
            return
        for change in self.changes:
            is_new_pod = change["watch"] == "pods" and change["type"] == "ADDED"
            is_status = change["watch"] == "jobs" and change["object"]["status"]
            if change["t"] > step["t"] and (is_new_pod or is_status):
                yield change["t"]
                return


def read_recording(path: Path) -> Recording:
    """Read a scenario; kubelet actions are put to the moment when the API server had them."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    changes = [line for line in lines if "watch" in line and line["type"] != "BOOKMARK"]
    pods = [change for change in changes if change["watch"] == "pods"]
    steps = []
    for line in lines:
        if "kubelet" in line:
            steps.append(_timed(line, pods))
            if end := _removal(line, pods):
                steps.append({"t": end, "kubelet": "remove", "pod": line["pod"]})
        elif "request" in line:
            steps.append(line)
    return Recording(
        namespace=changes[0]["object"]["metadata"]["namespace"] if changes else "default",
        start_s=_start_s(changes),
        steps=sorted(steps, key=lambda step: step["t"]),
        changes=changes,
        bookmarks=Counter(line["watch"] for line in lines if line.get("type") == "BOOKMARK"),
        end_s=max(line["t"] for line in lines),
    )


def _timed(action: Json, pods: list[Json]) -> Json:
    """Return the action at the time when its patch was stored."""
    phases = ("Running",) if action["kubelet"] == "running" else ("Succeeded", "Failed")
    seen = (
        change["t"]
        for change in pods
        if change["object"]["metadata"]["name"] == action["pod"]
        and change["object"]["status"].get("phase") in phases
    )
    return action | {"t": min(seen, default=action["t"])}


def _removal(action: Json, pods: list[Json]) -> float | None:
    """Return when the kubelet removed a pod that had ended while it was being deleted."""
    if action["kubelet"] != "finish":
        return None
    mine = [each for each in pods if each["object"]["metadata"]["name"] == action["pod"]]
    forced = [
        change["t"]
        for change in mine
        if change["type"] == "MODIFIED"
        and change["object"]["metadata"].get("deletionGracePeriodSeconds") == 0
    ]
    was_deleted = any(
        change["object"]["metadata"].get("deletionGracePeriodSeconds", 0) > 0 for change in mine
    )
    return forced[0] if forced and was_deleted else None


def _start_s(changes: list[Json]) -> float:
    """Find the wall clock of `t = 0`: events carry microseconds, and arrive soon after."""
    starts: list[float] = [
        parse_time(change["object"]["eventTime"]) - change["t"]
        for change in changes
        if change["object"].get("eventTime")
    ]
    if starts:
        return max(starts)
    if not changes:
        return 0.0
    first = changes[0]
    created_s = parse_time(first["object"]["metadata"]["creationTimestamp"])
    return created_s + 0.5 - float(first["t"])
