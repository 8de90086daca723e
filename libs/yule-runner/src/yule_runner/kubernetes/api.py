"""The few requests that a driver sends, through the official client, as plain JSON."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import urllib3

from yule_runner.kubernetes.errors import refusal_of
from yule_runner.kubernetes.skew import Skew
from yule_runner.kubernetes.stream import Watch, broken_lines_explained

if TYPE_CHECKING:
    from kubernetes import client

__all__ = ["EVENTS", "JOBS", "PODS", "ClusterApi", "Kind"]

Json = dict[str, Any]
Query = dict[str, str]

_CONNECT_S = 10.0
_ANSWER_S = 60.0
_UNAUTHORIZED = 401
_MERGE = "application/merge-patch+json"
_STRATEGIC = "application/strategic-merge-patch+json"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of object, by where the API serves it."""

    plural: str
    base: str


JOBS = Kind(plural="jobs", base="/apis/batch/v1")
PODS = Kind(plural="pods", base="/api/v1")
EVENTS = Kind(plural="events", base="/api/v1")


@dataclass(frozen=True, kw_only=True)
class _Ask:
    """One request; `about` says in words what it asks for."""

    method: str
    path: str
    about: str
    query: Query = field(default_factory=dict)
    body: Json | None = None
    media_type: str = "application/json"


class ClusterApi:
    """Requests on one namespace; from several threads at the same time.

    Args:
        connect: returns a client; called again when credentials are no longer accepted.
        namespace: of everything.

    Attributes:
        requests: how many were sent.
        skew: what the answers say of the cluster's clock.
    """

    def __init__(self, connect: Callable[[], client.ApiClient], namespace: str) -> None:
        self.namespace = namespace
        self.requests = 0
        self.skew = Skew()
        self._connect = connect
        self._client = connect()
        self._lock = threading.Lock()

    def list_all(self, kind: Kind, selector: str, *, page: int = 500) -> tuple[list[Json], str]:
        """Return the objects that a label selector selects, and the version of the list."""
        items: list[Json] = []
        query: Query = {"labelSelector": selector, "limit": str(page)}
        while True:
            body = self._read("list", kind, query=query)
            items += body["items"]
            token = body["metadata"].get("continue")
            if not token:
                return items, str(body["metadata"]["resourceVersion"])
            query = query | {"continue": token}

    def get(self, kind: Kind, name: str) -> Json:
        """Return an object.

        Raises:
            NotFound: there is none.
        """
        body: Json = self._read("get", kind, name)
        return body

    def create(self, kind: Kind, body: Json) -> Json:
        """Create an object and return it.

        Raises:
            Conflict: there is one of that name.
        """
        created: Json = self._read("create", kind, method="POST", body=body)
        return created

    def merge(self, kind: Kind, name: str, patch: Json, *, strategic: bool = False) -> Json:
        """Change an object and return it.

        Raises:
            NotFound: there is none.
            Conflict: it is not of the uid or the version that the patch names.
        """
        media_type = _STRATEGIC if strategic else _MERGE
        body: Json = self._read(
            "patch", kind, name, method="PATCH", body=patch, media_type=media_type
        )
        return body

    def delete(self, kind: Kind, name: str, *, uid: str, version: str, policy: str) -> None:
        """Delete this very object, if nobody has changed it meanwhile.

        Raises:
            NotFound: it is gone.
            Conflict: it is another one, or was changed.
        """
        options = {
            "propagationPolicy": policy,
            "preconditions": {"uid": uid, "resourceVersion": version},
        }
        self._read("delete", kind, name, method="DELETE", body=options)

    def events_of(self, uid: str) -> list[Json]:
        """Return the events about an object, oldest first."""
        return self._events(f"involvedObject.uid={uid}")

    def events_about(self, pod: str) -> list[Json]:
        """Return the events about a pod, which may be gone, oldest first."""
        return self._events(f"involvedObject.kind=Pod,involvedObject.name={pod}")

    def watch(
        self, kind: Kind, selector: str, version: str, *, lasts_s: int, silence_s: float
    ) -> Watch:
        """Open a watch from a version.

        Args:
            kind: what is watched.
            selector: label selector.
            version: of the list that it follows.
            lasts_s: the server ends it then.
            silence_s: longest time without a sign of life before it counts as dead.

        Raises:
            Expired: the version is no longer kept.
        """
        query = {
            "labelSelector": selector,
            "watch": "1",
            "allowWatchBookmarks": "true",
            "resourceVersion": version,
            "timeoutSeconds": str(lasts_s),
        }
        ask = _Ask(
            method="GET", path=self._path(kind), query=query, about=self._about("watch", kind)
        )
        return Watch(self._send(ask, read_s=silence_s), ask.about)

    def version(self) -> str:
        """Return the cluster's version, as `v1.36.0`."""
        ask = _Ask(method="GET", path="/version", about="ask for the cluster's version")
        with broken_lines_explained(ask.about):
            return str(json.loads(self._send(ask).data)["gitVersion"])

    def close(self) -> None:
        """Close the connections."""
        close: Callable[[], None] = self._client.close
        close()

    def _events(self, selector: str) -> list[Json]:
        body = self._read("list", EVENTS, query={"fieldSelector": selector})
        items: list[Json] = body["items"]
        return sorted(items, key=lambda each: each.get("lastTimestamp") or "")

    def _read(
        self,
        verb: str,
        kind: Kind,
        name: str = "",
        *,
        method: str = "GET",
        query: Query | None = None,
        body: Json | None = None,
        media_type: str = "application/json",
    ) -> Any:
        ask = _Ask(
            method=method,
            path=self._path(kind, name),
            query=query or {},
            body=body,
            media_type=media_type,
            about=self._about(verb, kind, name),
        )
        response = self._send(ask)
        with broken_lines_explained(ask.about):
            return json.loads(response.data)

    def _send(self, ask: _Ask, *, read_s: float = _ANSWER_S) -> urllib3.BaseHTTPResponse:
        response = self._once(ask, read_s)
        if response.status == _UNAUTHORIZED:
            # Tokens of service accounts and of cloud logins expire; the files have new ones.
            self._client = self._connect()
            response = self._once(ask, read_s)
        if not 200 <= response.status < 300:
            with broken_lines_explained(ask.about):
                data = response.data
            wait = response.headers.get("Retry-After")
            raise refusal_of(
                response.status, data, asked=ask.about, retry_after=wait, skew=self.skew.words
            )
        return response

    def _once(self, ask: _Ask, read_s: float) -> urllib3.BaseHTTPResponse:
        with self._lock:
            self.requests += 1
        request = self._client.param_serialize(
            ask.method,
            ask.path,
            query_params=list(ask.query.items()),
            header_params={"Content-Type": ask.media_type, "Accept": "application/json"},
            body=ask.body,
            auth_settings=["BearerToken"],
        )
        with broken_lines_explained(ask.about):
            answer = self._client.call_api(*request, _request_timeout=(_CONNECT_S, read_s))
        response: urllib3.BaseHTTPResponse = answer.response
        self.skew.note(response.headers)
        return response

    def _path(self, kind: Kind, name: str = "") -> str:
        path = f"{kind.base}/namespaces/{quote(self.namespace)}/{kind.plural}"
        return f"{path}/{quote(name)}" if name else path

    def _about(self, verb: str, kind: Kind, name: str = "") -> str:
        what = f"{kind.plural} {name}" if name else kind.plural
        return f"{verb} {what} in namespace {self.namespace}"
