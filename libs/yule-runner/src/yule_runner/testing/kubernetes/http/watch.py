"""Watches: what has changed since a version, and what changes from now on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from yule_runner.testing.kubernetes.cluster import Cluster
from yule_runner.testing.kubernetes.http.collections import (
    check_versions,
    object_filter,
    requested_version,
)
from yule_runner.testing.kubernetes.http.request import Request
from yule_runner.testing.kubernetes.resources import Resource
from yule_runner.testing.kubernetes.status import expired, too_large_version
from yule_runner.testing.kubernetes.storage.store import Change

__all__ = ["watch"]

Json = dict[str, Any]

_DEFAULT_TIMEOUT_S = 1800.0
_BOOKMARKS_EVERY_S = 60.0
_FIRST_BOOKMARK_S = 1.0
_BEFORE_TIMEOUT_S = 2.0
_INITIAL_END = {"k8s.io/initial-events-end": "true"}
# An empty Go struct, as bookmarks carry it.
_EMPTY: dict[str, Json] = {
    "Pod": {"spec": {"containers": None}, "status": {}},
    "Job": {
        "spec": {"template": {"metadata": {}, "spec": {"containers": None}}},
        "status": {},
    },
    "Event": {
        "involvedObject": {},
        "source": {},
        "firstTimestamp": None,
        "lastTimestamp": None,
        "eventTime": None,
        "reportingComponent": "",
        "reportingInstance": "",
    },
}


def watch(cluster: Cluster, request: Request, is_over: Callable[[], bool]) -> Iterator[Json | None]:
    """Yield watch events until the timeout, by the cluster's clock.

    Args:
        cluster: what is watched.
        request: with `resourceVersion`, `timeoutSeconds`, selectors, bookmarks as wanted.
        is_over: whether the server stops.

    Yields:
        Events; None at the beginning, and about once a second of real time where there is nothing
        to send.

    Raises:
        ApiError: 400, 422 or 504, before the first event.
    """
    check_versions(request)
    matches = object_filter(request)
    store, resource = cluster.store, request.resource
    with cluster.lock:
        seen, initial = _begin(cluster, request)
        started_s = cluster.clock.now_s
    # The watch is granted: whoever sends the events sends the headers now, as an API server does.
    yield None
    for body in filter(matches, initial):
        yield {"type": "ADDED", "object": body}
    bookmarks = request.flag("allowWatchBookmarks")
    if bookmarks and request.flag("sendInitialEvents"):
        yield _bookmark(resource, seen, _INITIAL_END)
    ends_s = started_s + float(request.query.get("timeoutSeconds") or _DEFAULT_TIMEOUT_S)
    next_s = _next_bookmark_s(started_s, ends_s, _FIRST_BOOKMARK_S)
    while True:
        with cluster.lock:
            now_s = cluster.clock.now_s
            if store.version <= seen and now_s < min(ends_s, next_s):
                if is_over():
                    return
                if not cluster.lock.wait(1.0):
                    yield None
                continue
            if seen < store.oldest_version:
                error = expired(f"too old resource version: {seen} ({store.oldest_version})")
                yield {"type": "ERROR", "object": error.status}
                return
            news = store.since(seen)
            seen = max(seen, store.version)
        for change in news:
            if change.resource is resource and (event := _event(change, matches)):
                yield event
        if now_s >= ends_s:
            return
        if now_s >= next_s:
            if bookmarks and seen <= store.version:
                yield _bookmark(resource, seen, {})
            next_s = _next_bookmark_s(next_s, ends_s, _BOOKMARKS_EVERY_S)


def _begin(cluster: Cluster, request: Request) -> tuple[int, list[Json]]:
    """Return the version that a watch goes on from, and what it shows before.

    One from a version that there is not yet stays silent until that has passed.
    """
    asked, store = requested_version(request), cluster.store
    sends = request.flag("sendInitialEvents")
    if sends and asked > store.version:
        raise too_large_version(asked, store.version)
    if sends or not asked:
        return store.version, store.objects(request.resource, request.namespace)
    return asked, []


def _event(change: Change, matches: Callable[[Json], bool]) -> Json | None:
    """Return a change as a filtered watch sees it: objects come and go with their labels."""
    is_in = change.type != "DELETED" and matches(change.object)
    was_in = change.previous is not None and matches(change.previous)
    if is_in:
        return {"type": "MODIFIED" if was_in else "ADDED", "object": change.object}
    if not was_in:
        return None
    body = change.object
    if change.type != "DELETED" and change.previous is not None:
        version = body["metadata"]["resourceVersion"]
        metadata = change.previous["metadata"] | {"resourceVersion": version}
        body = change.previous | {"metadata": metadata}
    return {"type": "DELETED", "object": body}


def _bookmark(resource: Resource, version: int, annotations: Json) -> Json:
    metadata: Json = {"resourceVersion": str(version)}
    if annotations:
        metadata["annotations"] = annotations
    body = {"kind": resource.kind, "apiVersion": resource.api_version, "metadata": metadata}
    return {"type": "BOOKMARK", "object": body | _EMPTY.get(resource.kind, {})}


def _next_bookmark_s(now_s: float, ends_s: float, period_s: float) -> float:
    before_end_s = ends_s - _BEFORE_TIMEOUT_S
    heartbeat_s = now_s + period_s
    return before_end_s if now_s < before_end_s < heartbeat_s else heartbeat_s
