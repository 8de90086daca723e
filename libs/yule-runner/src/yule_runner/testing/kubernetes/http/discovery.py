"""Documents by which clients learn what the server has."""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.resources import RESOURCES, Resource

__all__ = ["discover"]

Json = dict[str, Any]

_VERSION = {
    "major": "1",
    "minor": "36",
    "emulationMajor": "1",
    "emulationMinor": "36",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "35",
    "gitVersion": "v1.36.0",
    "gitCommit": "",
    "gitTreeState": "clean",
    "buildDate": "1970-01-01T00:00:00Z",
    "goVersion": "go1.27.3",
    "compiler": "gc",
    "platform": "linux/amd64",
}
_SUBRESOURCE_VERBS = {
    "status": ["get", "patch", "update"],
    "log": ["get"],
    "binding": ["create"],
    "eviction": ["create"],
}
_SUBRESOURCE_KINDS = {"binding": "Binding", "eviction": "Eviction"}
_ACCESS_REVIEW = {
    "kind": "SelfSubjectAccessReview",
    "name": "selfsubjectaccessreviews",
    "namespaced": False,
    "singularName": "selfsubjectaccessreview",
    "verbs": ["create"],
}


def discover(path: str, host: str) -> Json | str | None:  # noqa: PLR0911 - one a document
    """Return the document at a path, or None.

    Args:
        path: of the request.
        host: host and port that the client talks to.
    """
    match path.rstrip("/"):
        case "/healthz" | "/livez" | "/readyz":
            return "ok"
        case "/version":
            return _VERSION
        case "/openapi/v3":
            return {"paths": {}}
        case "/api":
            address = {"clientCIDR": "0.0.0.0/0", "serverAddress": host}
            return {
                "kind": "APIVersions",
                "versions": ["v1"],
                "serverAddressByClientCIDRs": [address],
            }
        case "/apis":
            groups = [_group(name) for name in _groups()]
            return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
        case "/api/v1":
            return _resources("v1", "")
        case "/apis/authorization.k8s.io/v1":
            body = _resources("authorization.k8s.io/v1", "authorization.k8s.io")
            return body | {"resources": [_ACCESS_REVIEW]}
        case _:
            parts = path.strip("/").split("/")
            if parts[0] != "apis" or parts[1] not in _groups():
                return None
            group = parts[1]
            if len(parts) == 2:
                return {"kind": "APIGroup", "apiVersion": "v1"} | _group(group)
            return _resources(f"{group}/v1", group) if parts[2:] == ["v1"] else None


def _groups() -> list[str]:
    named = dict.fromkeys(resource.group for resource in RESOURCES if resource.group)
    return ["authorization.k8s.io", *named]


def _group(name: str) -> Json:
    version = {"groupVersion": f"{name}/v1", "version": "v1"}
    return {"name": name, "versions": [version], "preferredVersion": version}


def _resources(version: str, group: str) -> Json:
    listed = [
        entry for resource in RESOURCES if resource.group == group for entry in _entries(resource)
    ]
    body: Json = {"kind": "APIResourceList", "groupVersion": version, "resources": listed}
    return body | ({"apiVersion": "v1"} if group else {})


def _entries(resource: Resource) -> list[Json]:
    entry: Json = {
        "name": resource.plural,
        "singularName": resource.kind.lower(),
        "namespaced": resource.namespaced,
        "kind": resource.kind,
        "verbs": list(resource.verbs),
    }
    if resource.short_names:
        entry["shortNames"] = list(resource.short_names)
    if resource.in_all:
        entry["categories"] = ["all"]
    return [
        entry,
        *(
            {
                "name": f"{resource.plural}/{name}",
                "singularName": "",
                "namespaced": resource.namespaced,
                "kind": _SUBRESOURCE_KINDS.get(name, resource.kind),
                "verbs": _SUBRESOURCE_VERBS[name],
            }
            | ({"group": "policy", "version": "v1"} if name == "eviction" else {})
            for name in resource.subresources
        ),
    ]
