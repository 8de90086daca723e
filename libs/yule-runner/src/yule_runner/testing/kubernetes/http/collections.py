"""Lists: filtered, in pages, of an exact version; and what goes with them when deleted."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from yule_runner.testing.kubernetes.cluster import Cluster
from yule_runner.testing.kubernetes.http.request import Request
from yule_runner.testing.kubernetes.status import bad_request, expired, too_large_version
from yule_runner.testing.kubernetes.storage.selectors import field_filter, label_filter

__all__ = ["list_items", "object_filter", "requested_version"]

Json = dict[str, Any]


def list_items(cluster: Cluster, request: Request) -> tuple[list[Json], Json]:
    """Return the objects of a list, and the list's metadata.

    Raises:
        ApiError: 400 for what cannot be read, 410 for a version that is gone, 504 for one that
            is not there yet.
    """
    store = cluster.store
    matches = object_filter(request)
    start, version = _continued(request.query.get("continue", ""))
    asked = requested_version(request)
    if asked > store.version:
        raise too_large_version(asked, store.version)
    exact = request.query.get("resourceVersionMatch") == "Exact"
    if (version and version < store.oldest_version) or (exact and asked < store.oldest_version):
        raise expired("The provided continue parameter is too old to display a consistent list.")
    items = [
        each
        for each in store.objects(request.resource, request.namespace)
        if matches(each) and _place(each) > start
    ]
    metadata: Json = {"resourceVersion": str(version or store.version)}
    limit = int(request.query.get("limit", 0))
    if limit and len(items) > limit:
        selects = request.query.get("labelSelector") or request.query.get("fieldSelector")
        if not selects:
            metadata["remainingItemCount"] = len(items) - limit
        items = items[:limit]
        metadata["continue"] = _token(items[-1], version or store.version)
    return items, metadata


def object_filter(request: Request) -> Callable[[Json], bool]:
    """Return what a request's namespace, name and selectors let through.

    Raises:
        ApiError: 400, for a selector that cannot be read.
    """
    labels = label_filter(request.query.get("labelSelector", ""))
    fields = field_filter(request.resource, request.query.get("fieldSelector", ""))

    def matches(body: Json) -> bool:
        metadata = body["metadata"]
        if request.namespace and metadata.get("namespace") != request.namespace:
            return False
        if request.name and metadata["name"] != request.name:
            return False
        return labels(body) and fields(body)

    return matches


def requested_version(request: Request) -> int:
    """Return the version that a list or watch names; 0 for none.

    Raises:
        ApiError: 400, where it is no number.
    """
    text = request.query.get("resourceVersion", "") or "0"
    if not text.isdecimal():
        raise bad_request(f'resourceVersion: Invalid value: "{text}": must be a number')
    return int(text)


def _place(body: Json) -> str:
    return f"{body['metadata'].get('namespace', '')}/{body['metadata']['name']}"


def _token(last: Json, version: int) -> str:
    body = {"v": "meta.k8s.io/v1", "rv": version, "start": f"{_place(last)}\0"}
    return base64.urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")


def _continued(token: str) -> tuple[str, int]:
    if not token:
        return "", 0
    try:
        body = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        return str(body["start"]).rstrip("\0"), int(body["rv"])
    except (ValueError, KeyError) as error:
        raise bad_request("continue key is not valid") from error
