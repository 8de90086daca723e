"""Lists: filtered, in pages, of an exact version; and what goes with them when deleted."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from yule_runner.testing.kubernetes.cluster import Cluster
from yule_runner.testing.kubernetes.http.request import Request
from yule_runner.testing.kubernetes.status import (
    FieldError,
    bad_request,
    expired,
    forbidden_value,
    invalid,
    not_supported,
    too_large_version,
)
from yule_runner.testing.kubernetes.storage.selectors import field_filter, label_filter

__all__ = ["check_versions", "list_items", "object_filter", "requested_version"]

Json = dict[str, Any]

_INCONSISTENT = -1
_MATCHES = ("Exact", "NotOlderThan")
# apiserver pkg/storage/etcd3/errors.go
_CONTINUE_EXPIRED = (
    "The provided continue parameter is too old to display a consistent list result. You can start "
    "a new list without the continue parameter, or use the continue token in this response to "
    "retrieve the remainder of the results. Continuing with the provided token results in an "
    "inconsistent list - objects that were created, modified, or deleted between the time the "
    "first chunk was returned and now may show up in the list."
)


def list_items(cluster: Cluster, request: Request) -> tuple[list[Json], Json]:
    """Return the objects of a list, and the list's metadata.

    Raises:
        ApiError: 400 for what cannot be read, 410 for a version that is gone, 504 for one that
            is not there yet.
    """
    store = cluster.store
    matches = object_filter(request)
    token, limit = request.query.get("continue", ""), _limit(request)
    asked, match = requested_version(request), request.query.get("resourceVersionMatch", "")
    check_versions(request)
    if asked > store.version:
        raise too_large_version(asked, store.version)
    start, version = _continued(token)
    # Without a match, a limit makes a version an exact one, and none at all of version 0.
    is_exact = match == "Exact" or bool(limit and asked and not match)
    if request.query.get("resourceVersion") == "0":
        limit = 0
    version = version or (asked if is_exact else store.version)
    if version == _INCONSISTENT:
        version = store.version
    elif version < store.oldest_version:
        raise (
            expired(_CONTINUE_EXPIRED, token=_token(start, _INCONSISTENT))
            if token
            else expired("The resourceVersion for the provided list is too old.")
        )
    items = [
        each
        for each in store.objects_at(version, request.resource, request.namespace)
        if matches(each) and _place(each) > start
    ]
    metadata: Json = {"resourceVersion": str(version)}
    if limit and len(items) > limit:
        selects = request.query.get("labelSelector") or request.query.get("fieldSelector")
        if not selects:
            metadata["remainingItemCount"] = len(items) - limit
        items = items[:limit]
        metadata["continue"] = _token(_place(items[-1]), version)
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


def _limit(request: Request) -> int:
    text = request.query.get("limit", "") or "0"
    if not text.removeprefix("-").isdecimal():
        raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax')
    return max(0, int(text))


def check_versions(request: Request) -> None:
    """Refuse versions that do not go together (apimachinery, ValidateListOptions).

    Raises:
        ApiError: 422, or 400 for a version beside a continue token.
    """
    query = request.query
    errors = _watch_errors(query) if request.verb == "watch" else _list_errors(query)
    if errors:
        raise invalid("meta.k8s.io", "ListOptions", "", errors)
    if query.get("continue") and query.get("resourceVersion", "0") not in ("", "0"):
        raise bad_request("specifying resource version is not allowed when using continue")


def _list_errors(query: dict[str, str]) -> list[FieldError]:
    match, errors = query.get("resourceVersionMatch", ""), []
    if match and not query.get("resourceVersion"):
        errors.append(_match_error("is forbidden unless resourceVersion is provided"))
    if match and query.get("continue"):
        errors.append(_match_error("is forbidden when continue is provided"))
    if match and match not in _MATCHES:
        errors.append(not_supported("resourceVersionMatch", match, [*_MATCHES, ""]))
    if match == "Exact" and query.get("resourceVersion") == "0":
        errors.append(_match_error('"exact" is forbidden for resourceVersion "0"'))
    if "sendInitialEvents" in query:
        why = "sendInitialEvents is forbidden for list"
        errors.append(forbidden_value("sendInitialEvents", why))
    return errors


def _watch_errors(query: dict[str, str]) -> list[FieldError]:
    match, errors = query.get("resourceVersionMatch", ""), []
    if "sendInitialEvents" in query and match != "NotOlderThan":
        why = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
        errors.append(forbidden_value("resourceVersionMatch", why))
    if match and "sendInitialEvents" not in query:
        errors.append(_match_error("is forbidden for watch unless sendInitialEvents is provided"))
    if match and match != "NotOlderThan":
        errors.append(not_supported("resourceVersionMatch", match, ["NotOlderThan"]))
    if match and query.get("continue"):
        errors.append(_match_error("is forbidden when continue is provided"))
    return errors


def _match_error(why: str) -> FieldError:
    return forbidden_value("resourceVersionMatch", f"resourceVersionMatch {why}")


def _place(body: Json) -> str:
    return f"{body['metadata'].get('namespace', '')}/{body['metadata']['name']}"


def _token(start: str, version: int) -> str:
    body = {"v": "meta.k8s.io/v1", "rv": version, "start": f"{start}\0"}
    return base64.urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")


def _continued(token: str) -> tuple[str, int]:
    if not token:
        return "", 0
    try:
        body = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        return str(body["start"]).rstrip("\0"), int(body["rv"])
    except (ValueError, KeyError) as error:
        raise bad_request("continue key is not valid") from error
