"""The answer to each request on a resource, but for watches and logs."""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.api.deletion import DeleteOptions
from yule_runner.testing.kubernetes.cluster import Cluster
from yule_runner.testing.kubernetes.http.collections import list_items
from yule_runner.testing.kubernetes.http.request import Request
from yule_runner.testing.kubernetes.http.tables import table
from yule_runner.testing.kubernetes.status import ApiError, bad_request

__all__ = ["Answer", "answer"]

Json = dict[str, Any]
Answer = tuple[int, Json, list[str]]

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
        case "create" if request.subresource in ("binding", "eviction"):
            return _on_pod(cluster, request)
        case "create" if not request.name:
            _need_json(request)
            body, unknown = api.create(resource, request.namespace, request.body, **options)
            quiet = request.query.get("fieldValidation") == "Ignore"
            return 201, body, [] if quiet else [f'unknown field "{path}"' for path in unknown]
        case "update":
            _need_json(request)
            options["subresource"] = request.subresource
            return 200, api.update(*place, request.body, **options), []
        case "patch":
            options["subresource"] = request.subresource
            return 200, api.patch(*place, request.body, request.media_type, **options), []
        case "delete":
            wanted = DeleteOptions.read(request.query, request.body)
            return 200, api.delete(*place, wanted), []
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


def _on_pod(cluster: Cluster, request: Request) -> Answer:
    """Bind a pod to a node, or evict it."""
    api, place = cluster.api, (request.resource, request.namespace, request.name)
    if request.subresource == "eviction":
        options = DeleteOptions.read({}, request.body.get("deleteOptions"))
        api.delete(*place, options)
        return 201, {"apiVersion": "v1", "kind": "Status", "metadata": {}, "status": "Success"}, []
    pod = api.get(*place)
    if pod["spec"].get("nodeName"):
        raise bad_request(f"pod {request.name} is already assigned to a node")
    node = request.body["target"]["name"]
    cluster.store.write(request.resource, pod | {"spec": pod["spec"] | {"nodeName": node}})
    return 201, {"apiVersion": "v1", "kind": "Status", "metadata": {}, "status": "Success"}, []


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
        message = f"the body of the request was in an unknown format: {request.media_type}"
        raise ApiError(415, "UnsupportedMediaType", message)
