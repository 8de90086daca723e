"""The few requests that a kubelet sends, through the official client."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import urllib3
import urllib3.exceptions
from kubernetes import client, config

from yule_runner.testing.kubernetes.kubelet.statuses import now_text

__all__ = ["KubeletApi"]

Json = dict[str, Any]

_STRATEGIC = "application/strategic-merge-patch+json"
_ANSWER_S = 60.0
_SILENCE_S = 5.0
_NOT_FOUND = 404
_SILENT = (
    urllib3.exceptions.MaxRetryError,
    urllib3.exceptions.ProtocolError,
    urllib3.exceptions.ReadTimeoutError,
)


class KubeletApi:
    """Nodes and pods of one node, as plain JSON.

    Args:
        kubeconfig: where the cluster is, and who the kubelet is.
        node: whose kubelet it is.
    """

    def __init__(self, kubeconfig: Path, node: str) -> None:
        load: Callable[[str], client.ApiClient] = config.new_client_from_config
        self._client = load(str(kubeconfig))
        self._node = node
        self._stream: urllib3.BaseHTTPResponse | None = None

    def register(self, labels: dict[str, str], taints: list[Json], status: Json) -> None:
        """Create the node, or take over one of its name, and write its status."""
        metadata = {"name": self._node, "labels": labels}
        body = {"metadata": metadata, "spec": {"taints": taints} if taints else {}}
        try:
            self._send("POST", "/api/v1/nodes", body=body)
        except client.ApiException as error:
            if error.status != 409:
                raise
        path = f"/api/v1/nodes/{self._node}/status"
        self._send("PATCH", path, body={"status": status}, media_type=_STRATEGIC)

    def tell_ready(self, ready: Json) -> None:
        """Write the node's condition Ready: a control plane gives up nodes that are silent."""
        path, body = f"/api/v1/nodes/{self._node}/status", {"status": {"conditions": [ready]}}
        self._send("PATCH", path, body=body, media_type=_STRATEGIC)

    def unregister(self) -> None:
        """Delete the node."""
        with self._gone_is_fine():
            self._send("DELETE", f"/api/v1/nodes/{self._node}")

    def pods(self) -> tuple[list[Json], str]:
        """Return the pods bound to this node, and the version of the list."""
        listed = self._read("GET", "/api/v1/pods", query=self._mine())
        return listed["items"], listed["metadata"]["resourceVersion"]

    def watch(self, version: str) -> Iterator[tuple[str, Json]]:
        """Yield changes of this node's pods, as type and object, until the stream falls silent."""
        query = [*self._mine(), ("watch", "1"), ("resourceVersion", version)]
        rest, response = b"", None
        try:
            response = self._send("GET", "/api/v1/pods", query=query, read_s=_SILENCE_S)
            self._stream = response
            for part in response.stream(65536, decode_content=False):
                *lines, rest = (rest + part).split(b"\n")
                for line in filter(None, lines):
                    event = json.loads(line)
                    yield event["type"], event["object"]
        except _SILENT:
            return
        finally:
            self._stream = None
            if response is not None:
                response.close()

    def get(self, pod: Json) -> Json | None:
        """Return the pod as it is now; None where it is gone or another took its name."""
        with self._gone_is_fine():
            found: Json = self._read("GET", _path(pod))
            if found["metadata"]["uid"] == pod["metadata"]["uid"]:
                return found
        return None

    def write_status(self, pod: Json, status: Json) -> None:
        """Patch the pod's status; nothing happens where the pod is gone."""
        body = {"metadata": {"uid": pod["metadata"]["uid"]}, "status": status}
        with self._gone_is_fine(409):
            self._send("PATCH", f"{_path(pod)}/status", body=body, media_type=_STRATEGIC)

    def warn(self, pod: Json, reason: str, message: str) -> None:
        """Record an event about the pod, as far as the cluster takes it."""
        metadata, now = pod["metadata"], now_text()
        namespace = metadata["namespace"]
        about = {name: metadata[name] for name in ("name", "namespace", "uid", "resourceVersion")}
        body = {
            "metadata": {
                "generateName": f"{metadata['name']}.",
                "namespace": metadata["namespace"],
            },
            "involvedObject": {"apiVersion": "v1", "kind": "Pod"} | about,
            "type": "Warning",
            "reason": reason,
            "message": message,
            "count": 1,
            "firstTimestamp": now,
            "lastTimestamp": now,
            "source": {"component": "kubelet", "host": self._node},
            "reportingComponent": "kubelet",
            "reportingInstance": self._node,
        }
        with contextlib.suppress(client.ApiException):
            self._send("POST", f"/api/v1/namespaces/{namespace}/events", body=body)

    def remove(self, pod: Json) -> None:
        """Let the pod go: its containers have ended."""
        body = {"gracePeriodSeconds": 0, "preconditions": {"uid": pod["metadata"]["uid"]}}
        with self._gone_is_fine(409):
            self._send("DELETE", _path(pod), body=body)

    def interrupt(self) -> None:
        """End the watch that another thread reads."""
        connection = None if self._stream is None else self._stream.connection
        found = getattr(connection, "sock", None)
        if found is not None:
            with contextlib.suppress(OSError):
                found.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connections."""
        close: Callable[[], None] = self._client.close
        close()

    def _mine(self) -> list[tuple[str, str]]:
        return [("fieldSelector", f"spec.nodeName={self._node}")]

    def _read(self, *arguments: Any, **options: Any) -> Any:
        return json.loads(self._send(*arguments, **options).data)

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: list[tuple[str, str]] | None = None,
        body: Json | None = None,
        media_type: str = "application/json",
        read_s: float = _ANSWER_S,
    ) -> urllib3.BaseHTTPResponse:
        request = self._client.param_serialize(
            method,
            path,
            query_params=query or [],
            header_params={"Content-Type": media_type, "Accept": "application/json"},
            body=body,
            auth_settings=["BearerToken"],
        )
        answer = self._client.call_api(*request, _request_timeout=read_s)
        response: urllib3.BaseHTTPResponse = answer.response
        if not 200 <= response.status < 300:
            reason = response.data.decode(errors="replace")
            raise client.ApiException(status=response.status, reason=reason)
        return response

    @contextlib.contextmanager
    def _gone_is_fine(self, *also: int) -> Iterator[None]:
        try:
            yield
        except client.ApiException as error:
            if error.status not in (_NOT_FOUND, *also):
                raise


def _path(pod: Json) -> str:
    metadata = pod["metadata"]
    return f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}"
