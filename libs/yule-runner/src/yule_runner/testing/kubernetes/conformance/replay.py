"""A recording's requests and kubelet actions, done again on the simulator."""

from __future__ import annotations

import functools
import http.client
import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from yule_runner.testing.kubernetes.clock import VirtualClock, time_text
from yule_runner.testing.kubernetes.cluster import Cluster
from yule_runner.testing.kubernetes.conformance.recording import Recording
from yule_runner.testing.kubernetes.http.access import ADMIN_TOKEN
from yule_runner.testing.kubernetes.http.server import serve

__all__ = ["Replayed", "replay"]

Json = dict[str, Any]

_PATHS = {
    "jobs": "/apis/batch/v1/namespaces/{}/jobs",
    "pods": "/api/v1/namespaces/{}/pods",
    "events": "/api/v1/namespaces/{}/events",
}
_SLACK_S = 0.05
_GENERATED = re.compile(r"(?P<prefix>.+-)[a-z0-9]{5}")


@dataclass(kw_only=True)
class Replayed:
    """What the simulator answered and did.

    Attributes:
        answers: for each request of the recording, the status code and the body.
        changes: what its watches saw, bookmarks included, in the recording's form.
    """

    answers: list[tuple[int, Any]] = field(default_factory=list)
    changes: list[Json] = field(default_factory=list)


def replay(recording: Recording, busy: Mapping[float, float] | None = None) -> Replayed:
    """Do what the recording did, at its times, over HTTP.

    Args:
        recording: what to do.
        busy: spans of the recording's time, from start to end, in which the real Job controller
            did nothing for this Job: it had others to serve.
    """
    clock = VirtualClock(recording.start_s)
    cluster = Cluster(
        clock, namespaces=tuple({"default", recording.namespace}), enforces_quota=False
    )
    cluster.add_node("n1")
    with serve(cluster) as server:
        server.access.add("bob", "bob's token")
        replayer = _Replayer(recording, cluster, server.server_port)
        threads = [replayer.watch(kind) for kind in _PATHS]
        for begin, end in (busy or {}).items():
            clock.at(
                recording.start_s + begin,
                functools.partial(cluster.jobs.pause_until, recording.start_s + end),
            )
        for step in recording.steps:
            cluster.advance_to(recording.start_s + step["t"])
            for when_s in recording.busy_until(step):
                cluster.jobs.pause_until(recording.start_s + when_s)
            if "request" in step:
                replayer.request(step)
            else:
                replayer.act(step)
        cluster.advance_to(recording.start_s + recording.end_s + _SLACK_S)
    for thread in threads:
        thread.join()
    return replayer.replayed


class _Replayer:
    """Translates names and uids of the recording into those of the simulator."""

    def __init__(self, recording: Recording, cluster: Cluster, port: int) -> None:
        self._recording, self._cluster, self._port = recording, cluster, port
        self._uids: dict[str, str] = {}
        self.replayed = Replayed()

    def watch(self, kind: str) -> threading.Thread:
        """Watch a kind from now on, until the server stops."""
        query = {
            "watch": 1,
            "sendInitialEvents": "true",
            "allowWatchBookmarks": "true",
            "resourceVersionMatch": "NotOlderThan",
        }
        connection, response = self._open("GET", self._path(kind), query, None, {})
        lines = iter(response.readline, b"")
        self._note(kind, next(lines))

        def read() -> None:
            for line in lines:
                self._note(kind, line)
            connection.close()

        thread = threading.Thread(target=read)
        thread.start()
        return thread

    def request(self, step: Json) -> None:
        """Send a recorded request; keep the answer."""
        asked = step["request"]
        body = asked.get("body")
        text = "" if body is None else self._translated(json.dumps(body))
        path = asked["path"]
        if "/" not in path:
            path = self._path(path) if path in _PATHS else _REVIEWS
            text = text or json.dumps(_REVIEW)
        path = self._renamed(path)
        headers = {"Content-Type": asked.get("contentType") or "application/json"}
        if "auth" in asked:
            headers["Authorization"] = f"Bearer {asked['auth']}" if asked["auth"] else ""
        elif "user" in asked:
            headers["Authorization"] = "Bearer bob's token"
        if asked.get("accept") == "Table":
            headers["Accept"] = "application/json;as=Table;v=v1;g=meta.k8s.io"
        query = dict(asked.get("params") or {})
        if query.get("watch"):
            self._read_watch(path, query, headers)
            return
        connection, response = self._open(asked["method"], path, query, text, headers)
        data = response.read().decode()
        is_json = response.headers["Content-Type"] == "application/json"
        answer = json.loads(data) if is_json else data
        connection.close()
        recorded = step.get("response")
        if isinstance(recorded, dict) and isinstance(answer, dict):
            uid = recorded.get("metadata", {}).get("uid")
            if uid and "uid" in answer.get("metadata", {}):
                self._uids[uid] = answer["metadata"]["uid"]
        self.replayed.answers.append((response.status, answer))

    def act(self, step: Json) -> None:
        """Do what the hand-made kubelet did to a pod."""
        name = self._renamed(step["pod"])
        path = f"{self._path('pods')}/{name}"
        if step["kubelet"] == "remove":
            self._ask("DELETE", path, {"gracePeriodSeconds": 0}, None)
            return
        patch = {"status": _status(step, time_text(self._cluster.clock.now_s))}
        self._ask("PATCH", f"{path}/status", {}, patch)

    def _read_watch(self, path: str, query: Json, headers: Json) -> None:
        """Read a watch that ends by itself: the clock runs on meanwhile."""
        connection, response = self._open("GET", path, query, "", headers)
        self._cluster.advance(float(query["timeoutSeconds"]) + _SLACK_S)
        lines = [json.loads(line) for line in response.read().splitlines()]
        connection.close()
        self.replayed.answers.append((response.status, lines))

    def _ask(self, method: str, path: str, query: Json, body: Json | None) -> None:
        text = "" if body is None else json.dumps(body)
        headers = {"Content-Type": "application/strategic-merge-patch+json"}
        connection, response = self._open(method, path, query, text, headers)
        answer = response.read()
        connection.close()
        if response.status != http.client.OK:
            raise RuntimeError(f"The kubelet's {method} {path} was refused: {answer.decode()}")

    def _open(
        self, method: str, path: str, query: Json, text: str | None, headers: Json
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port)
        sent = {"Authorization": f"Bearer {ADMIN_TOKEN}"} | headers
        sent = {key: value for key, value in sent.items() if value}
        connection.request(method, f"{path}?{urlencode(query)}", text or None, sent)
        return connection, connection.getresponse()

    def _note(self, kind: str, line: bytes) -> None:
        self.replayed.changes.append({"watch": kind} | json.loads(line))

    def _path(self, kind: str) -> str:
        return _PATHS[kind].format(self._recording.namespace)

    def _translated(self, text: str) -> str:
        for recorded, simulated in self._uids.items():
            text = text.replace(recorded, simulated)
        return text

    def _renamed(self, text: str) -> str:
        """Replace a recorded pod's name by that of the same attempt in the simulator."""
        found = _GENERATED.fullmatch(text.rpartition("/")[2])
        names = _names(self._recording.changes)
        if found is None or found[0] not in names:
            return text
        attempt = _attempts(names, found["prefix"]).index(found[0])
        pods = (change for change in self._cluster.store.changes if change.resource.kind == "Pod")
        made = [pod.object["metadata"]["name"] for pod in pods if pod.type == "ADDED"]
        simulated = _attempts(made, found["prefix"])[attempt]
        return text.replace(found[0], simulated)


_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
_ATTRIBUTES = {"group": "batch", "resource": "jobs", "verb": "create", "namespace": "default"}
_REVIEW = {"spec": {"resourceAttributes": _ATTRIBUTES}}


def _names(changes: list[Json]) -> list[str]:
    pods = (change for change in changes if change["watch"] == "pods")
    added = (pod["object"]["metadata"]["name"] for pod in pods if pod["type"] == "ADDED")
    return list(dict.fromkeys(added))


def _attempts(names: list[str], prefix: str) -> list[str]:
    return [name for name in names if name[:-5] == prefix]


def _status(step: Json, now: str) -> Json:
    container: Json = {"name": "main", "image": "yule", "imageID": "", "restartCount": 0}
    container["lastState"] = {}
    if step["kubelet"] == "running":
        container |= {"ready": True, "started": True, "state": {"running": {"startedAt": now}}}
        ready = {"type": "Ready", "status": "True"}
        return {
            "phase": "Running",
            "startTime": now,
            "conditions": [ready],
            "containerStatuses": [container],
        }
    code = step["exitCode"]
    reason = {0: "Completed", 137: "OOMKilled"}.get(code, "Error")
    ended = {"exitCode": code, "reason": reason, "startedAt": now, "finishedAt": now}
    container |= {"ready": False, "started": False, "state": {"terminated": ended}}
    status: Json = {
        "phase": "Failed" if code else "Succeeded",
        "conditions": [{"type": "Ready", "status": "False"}, *(step["conditions"] or [])],
        "containerStatuses": [container],
    }
    return status | ({"reason": step["reason"]} if step["reason"] else {})
