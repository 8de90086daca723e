"""The answer to each request on a resource, but for watches and logs."""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.api.deletion import DeleteOptions
from yule_runner.testing.kubernetes.api.names import label_name_errors
from yule_runner.testing.kubernetes.cluster import Cluster
from yule_runner.testing.kubernetes.http.collections import list_items
from yule_runner.testing.kubernetes.http.pod_actions import bind, evict
from yule_runner.testing.kubernetes.http.request import Request
from yule_runner.testing.kubernetes.http.tables import table
from yule_runner.testing.kubernetes.status import (
    ApiError,
    invalid,
    not_supported,
    unsupported_media_type,
)

__all__ = ["Answer", "answer"]

Json = dict[str, Any]
Answer = tuple[int, Json, list[str]]

_OPTIONS = {"create": "CreateOptions", "update": "UpdateOptions", "patch": "PatchOptions"}
_JSON_BODIES = ("application/json", "")


def answer(cluster: Cluster, request: Request) -> Answer:
    """Carry out a request.

    Returns:
        Status code, body, and warnings for headers.

    Raises:
        ApiError: what the API refuses.
    """
    with cluster.lock:
        cluster.settle()
        result = _answer(cluster, request)
        cluster.settle()
    return result


def _answer(cluster: Cluster, request: Request) -> Answer:  # noqa: PLR0911 - one a verb
    api, resource = cluster.api, request.resource
    _check_dry_run(request)
    place = (resource, request.namespace, request.name)
    options: Json = {
        "dry_run": bool(request.query.get("dryRun")),
        "strict": request.query.get("fieldValidation") == "Strict",
    }
    match request.verb:
        case "get":
            return 200, _shown(cluster, request, [api.get(*place)]), []
        case "list":
            return 200, _listed(cluster, request), []
        case "create" if request.subresource == "binding":
            return bind(cluster, request)
        case "create" if request.subresource == "eviction":
            return evict(cluster, request)
        case "create" if not request.name:
            _need_json(request)
            body, unknown = api.create(resource, request.namespace, request.body, **options)
            return 201, body, [*_name_warnings(request, body), *_unknown(request, unknown)]
        case "update" | "patch":
            dropped: list[str] = []
            options |= {"subresource": request.subresource, "warn": dropped.append}
            if request.verb == "update":
                _need_json(request)
                body = api.update(*place, request.body, **options)
            else:
                body = api.patch(*place, request.body, request.media_type, **options)
            return 200, body, _unknown(request, dropped)
        case "delete":
            wanted = DeleteOptions.read(request.query, request.body)
            body = api.delete(*place, wanted)
            is_gone = api.store.get(*place) is None
            # Other deletions that take their time are answered 200, as they always were.
            return (202 if wanted.is_old_cascade and not is_gone else 200), body, []
        case "deletecollection":
            wanted = DeleteOptions.read(request.query, request.body)
            items, metadata = list_items(cluster, request)
            for item in items:
                name, namespace = item["metadata"]["name"], item["metadata"].get("namespace", "")
                api.delete(resource, namespace, name, wanted)
            return 200, _list_body(request, items, metadata), []
        case _:
            message = "the server does not allow this method on the requested resource"
            raise ApiError(405, "MethodNotAllowed", message)


def _check_dry_run(request: Request) -> None:
    asked = request.query.get("dryRun", "")
    if asked not in ("", "All"):
        kind = {"create": "Create", "update": "Update", "patch": "Patch"}.get(
            request.verb, "Delete"
        )
        error = not_supported("dryRun", [asked], ["All"])
        raise invalid("meta.k8s.io", f"{kind}Options", "", [error])


def _unknown(request: Request, paths: list[str]) -> list[str]:
    quiet = request.query.get("fieldValidation") == "Ignore"
    return [] if quiet else [f'unknown field "{path}"' for path in paths]


def _name_warnings(request: Request, body: Json) -> list[str]:
    """Warn of a Job's name that its pods cannot have as host names (pkg/registry/batch/job)."""
    rules = label_name_errors(body["metadata"]["name"])
    if request.resource.kind != "Job" or not rules:
        return []
    text = (
        "metadata.name: this is used in Pod names and hostnames, which can result in surprising "
        f"behavior; a DNS label is recommended: [{' '.join(rules)}]"
    )
    return [text]


def _listed(cluster: Cluster, request: Request) -> Json:
    items, metadata = list_items(cluster, request)
    if _wants_table(request):
        return table(request.resource, items, metadata, cluster.clock.now_s)
    return _list_body(request, items, metadata)


def _shown(cluster: Cluster, request: Request, items: list[Json]) -> Json:
    if _wants_table(request):
        version = {"resourceVersion": items[0]["metadata"]["resourceVersion"]}
        return table(request.resource, items, version, cluster.clock.now_s)
    return items[0]


def _list_body(request: Request, items: list[Json], metadata: Json) -> Json:
    resource = request.resource
    bare = [
        {key: value for key, value in item.items() if key not in ("kind", "apiVersion")}
        for item in items
    ]
    kind = f"{resource.kind}List"
    return {
        "kind": kind,
        "apiVersion": resource.api_version,
        "metadata": metadata,
        "items": bare,
    }


def _wants_table(request: Request) -> bool:
    return "as=Table" in request.accept.partition(",")[0]


def _need_json(request: Request) -> None:
    if request.media_type not in _JSON_BODIES:
        raise unsupported_media_type(
            "application/json", "application/yaml", "application/vnd.kubernetes.protobuf"
        )
