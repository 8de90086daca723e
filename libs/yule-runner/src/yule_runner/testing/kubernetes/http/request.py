"""What a request asks for, read from its method, path and query."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from yule_runner.testing.kubernetes.resources import Resource, find_resource

__all__ = ["Request", "read_target"]

_PATH = re.compile(
    r"/(?:api/v1|apis/(?P<group>[^/]+)/v1)"
    r"(?:/namespaces/(?P<namespace>[^/]+)(?=/))?"
    r"/(?P<plural>[a-z]+)"
    r"(?:/(?P<name>[^/]+))?"
    r"(?:/(?P<subresource>[a-z]+))?/?"
)
_VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch"}


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request on a resource.

    Attributes:
        verb: as access rules name it: get, list, watch, create, update, patch, delete or
            deletecollection.
        resource: what it is about.
        namespace: empty for all, or for resources without namespaces.
        name: empty for collections.
        subresource: `status`, `log`, ... or empty.
        query: the query parameters.
        body: the decoded body, or None.
        media_type: of the body.
        accept: what the client wants back.
    """

    verb: str
    resource: Resource
    namespace: str = ""
    name: str = ""
    subresource: str = ""
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    media_type: str = "application/json"
    accept: str = "application/json"

    def flag(self, name: str) -> bool:
        """Return a boolean query parameter."""
        return self.query.get(name, "").lower() in ("1", "t", "true")


def read_target(method: str, target: str) -> tuple[str, dict[str, str], dict[str, Any] | None]:
    """Split a request target.

    Returns:
        The path; the query; and the fields of a `Request`, or None where the path names no
        resource.
    """
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    found = _PATH.fullmatch(parts.path)
    if found is None:
        return parts.path, query, None
    named = {key: unquote(value or "") for key, value in found.groupdict().items()}
    resource = find_resource(named["group"], named["plural"])
    if resource is None:
        return parts.path, query, None
    verb = _VERBS.get(method, method.lower())
    if verb == "get" and not named["name"]:
        verb = "watch" if query.get("watch", "").lower() in ("1", "t", "true") else "list"
    elif verb == "delete" and not named["name"]:
        verb = "deletecollection"
    fields = {key: named[key] for key in ("namespace", "name", "subresource")}
    return parts.path, query, {"verb": verb, "resource": resource, **fields}
