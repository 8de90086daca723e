"""Logs of containers, which the API server fetches from the node's kubelet."""

from __future__ import annotations

import contextlib
import http.client
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from yule_runner.testing.kubernetes.cluster import Cluster
from yule_runner.testing.kubernetes.http.request import Request
from yule_runner.testing.kubernetes.resources import BY_KIND
from yule_runner.testing.kubernetes.status import (
    ApiError,
    FieldError,
    bad_request,
    invalid,
    invalid_value,
)

__all__ = ["open_log"]

Json = dict[str, Any]

_PARAMETERS = (
    "follow",
    "limitBytes",
    "previous",
    "sinceSeconds",
    "sinceTime",
    "tailLines",
    "timestamps",
)

_LEAST = (
    ("tailLines", 0, "must be greater than or equal to 0"),
    ("limitBytes", 1, "must be greater than 0"),
    ("sinceSeconds", 1, "must be greater than 0"),
)


@contextlib.contextmanager
def open_log(cluster: Cluster, request: Request) -> Iterator[http.client.HTTPResponse | None]:
    """Open a container's log; None while the pod has no node, which is no error.

    Raises:
        ApiError: 400 before the container runs, 404 for no such pod, 500 where the kubelet cannot
            be reached.
    """
    _check_options(request)
    with cluster.lock:
        pod = cluster.api.get(request.resource, request.namespace, request.name)
        container = _container(pod, request.query.get("container", ""))
        place = _kubelet(cluster, pod)
    if place is None:
        yield None
        return
    host, port = place
    query = urlencode({key: request.query[key] for key in _PARAMETERS if key in request.query})
    path = f"/containerLogs/{request.namespace}/{request.name}/{container}?{query}"
    connection = http.client.HTTPConnection(host, port)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        if response.status != http.client.OK:
            message = response.read().decode(errors="replace").strip()
            raise ApiError(response.status, "", message)
        yield response
    except OSError as error:
        message = f'Get "http://{host}:{port}{path}": {error}'
        raise ApiError(500, "InternalError", message) from error
    finally:
        connection.close()


def _check_options(request: Request) -> None:
    """Refuse options that cannot be (pkg/apis/core/validation, ValidatePodLogOptions)."""
    query, errors = request.query, []
    for name, least, rule in _LEAST:
        text = query.get(name)
        if text is None:
            continue
        if not text.removeprefix("-").isdecimal():
            raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax')
        if int(text) < least:
            errors.append(invalid_value(name, int(text), rule))
    if "sinceSeconds" in query and "sinceTime" in query:
        why = "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified"
        errors.append(FieldError("", why, "FieldValueForbidden"))
    if errors:
        raise invalid("", "PodLogOptions", request.name, errors)


def _kubelet(cluster: Cluster, pod: Json) -> tuple[str, int] | None:
    name = pod["spec"].get("nodeName")
    if not name:
        return None
    status = cluster.api.get(BY_KIND["Node"], "", name).get("status", {})
    endpoint = status.get("daemonEndpoints", {}).get("kubeletEndpoint", {})
    addresses = [each["address"] for each in status.get("addresses", [])]
    if not addresses or "Port" not in endpoint:
        raise ApiError(500, "InternalError", f"no preferred addresses found for node {name}")
    return addresses[0], int(endpoint["Port"])


def _container(pod: Json, name: str) -> str:
    names = [each["name"] for each in pod["spec"]["containers"]]
    known = [*(each["name"] for each in pod["spec"].get("initContainers", [])), *names]
    pod_name = pod["metadata"]["name"]
    if not name and len(names) > 1:
        listed = " ".join(known)
        raise bad_request(
            f"a container name must be specified for pod {pod_name}, choose one of: [{listed}]"
        )
    name = name or names[0]
    if name not in known:
        raise bad_request(f"container {name} is not valid for pod {pod_name}")
    return name
