"""From HTTP to requests, and from answers, watches and logs to HTTP."""

from __future__ import annotations

import http.client
import itertools
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from yule_runner.testing.kubernetes.http.answers import answer
from yule_runner.testing.kubernetes.http.discovery import discover
from yule_runner.testing.kubernetes.http.disturbance import disturbed, refused
from yule_runner.testing.kubernetes.http.faults import Fault
from yule_runner.testing.kubernetes.http.logs import open_log
from yule_runner.testing.kubernetes.http.request import Request, read_target
from yule_runner.testing.kubernetes.http.watch import watch
from yule_runner.testing.kubernetes.status import ApiError, bad_request

if TYPE_CHECKING:
    from yule_runner.testing.kubernetes.http.server import ClusterServer

__all__ = ["Handler"]

_LONGEST_BODY = 3 * 1024 * 1024
_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: ClusterServer
    protocol_version = "HTTP/1.1"
    # Clients that keep connections alive must not wait for delayed acknowledgements.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer a request of any method."""
        self._respond()

    # http.server finds methods by these names.
    do_POST = do_GET  # noqa: N815
    do_PUT = do_GET  # noqa: N815
    do_PATCH = do_GET  # noqa: N815
    do_DELETE = do_GET  # noqa: N815

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the date of an answer."""
        now_s = time.time() if timestamp is None else timestamp
        return super().date_time_string(now_s + self.server.clock_ahead_s)

    def log_message(self, *_: Any) -> None:
        """Keep stderr clean."""

    def _respond(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        try:
            if length > _LONGEST_BODY:
                self.close_connection = True
                raise ApiError(
                    413,
                    "RequestEntityTooLarge",
                    f"Request entity too large: limit is {_LONGEST_BODY}",
                )
            text = self.rfile.read(length)
            self._dispatch(text)
        except ApiError as error:
            self._send(error.code, error.status, headers=error.headers)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _dispatch(self, text: bytes) -> None:
        path, query, fields = read_target(self.command, self.path)
        user = self.server.access.user(self.headers.get("Authorization"))
        body = _decoded(text)
        if path == _REVIEWS:
            self._send(201, self.server.access.review(user, body))
            return
        if fields is None:
            document = discover(path, self.headers.get("Host", ""))
            if document is None:
                raise ApiError(
                    404, "NotFound", "the server could not find the requested resource", {}
                )
            self._send(200, document)
            return
        media_type = self.headers.get("Content-Type", "").partition(";")[0]
        accept = self.headers.get("Accept", "")
        request = Request(query=query, body=body, media_type=media_type, accept=accept, **fields)
        self.server.access.check(user, request)
        self.server.count(user, request)
        fault = self.server.faults.take(user, request)
        if fault is not None and self._strike(fault, request):
            return
        if request.verb == "watch":
            is_over = self.server.is_over.is_set
            events: Iterator[Any] = watch(self.server.cluster, request, is_over)
            self._stream_events(events if fault is None else disturbed(events, fault, is_over))
        elif request.subresource == "log":
            self._stream_log(request)
        else:
            code, result, warnings = answer(self.server.cluster, request)
            self._send(code, result, warnings)

    def _strike(self, fault: Fault, request: Request) -> bool:
        """Let a request go wrong; return whether that was all."""
        match fault.kind:
            case "refuse":
                raise refused(fault)
            case "hang-up":
                raise ConnectionResetError
            case "lose-reply":
                answer(self.server.cluster, request)
                raise ConnectionResetError
            case _:
                return False

    def _send(
        self,
        code: int,
        body: Any,
        warnings: Iterable[str] = (),
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        is_text = isinstance(body, str)
        data = body.encode() if is_text else json.dumps(body, separators=(",", ":")).encode()
        self.send_response(code)
        self.send_header("Content-Type", "text/plain" if is_text else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-cache, private")
        for warning in warnings:
            quoted = json.dumps(warning)
            self.send_header("Warning", f"299 - {quoted}")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _stream_events(self, events: Iterator[Any]) -> None:
        # The first one decides: what is refused is refused before the headers are sent.
        first = next(events, None)
        self._start_stream("application/json")
        for event in itertools.chain([first], events):
            if event is not None:
                self._chunk(json.dumps(event, separators=(",", ":")).encode() + b"\n")
        self._chunk(b"")

    def _stream_log(self, request: Request) -> None:
        with open_log(self.server.cluster, request) as response:
            if response is None:
                self.send_response(http.client.NO_CONTENT)
                self.end_headers()
                return
            self._start_stream("text/plain")
            while part := response.read1(65536):
                self._chunk(part)
            self._chunk(b"")

    def _start_stream(self, media_type: str) -> None:
        self.send_response(http.client.OK)
        self.send_header("Content-Type", media_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Cache-Control", "no-cache, private")
        self.end_headers()

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()


def _decoded(text: bytes) -> Any:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError as error:
        raise bad_request(f"the object provided is unrecognized: {error}") from error
