"""A tap on the wire to the emulator."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from mushroom.testing.emulator import Emulator

REASONS = {400: "invalid", 404: "notFound", 409: "duplicate"}
"""What BigQuery calls a refusal, where it is to be told from one that passes."""


@dataclass(kw_only=True)
class Call:
    """One request on the wire, and the emulator's reply once there is one."""

    method: str
    path: str
    body: Any
    status: int = 0
    reply: bytes = b""
    location: str = ""

    @property
    def is_upload(self) -> bool:
        """Whether it begins the upload of rows that a job is to load."""
        return self.method == "POST" and self.path.startswith("/upload/")

    @property
    def configuration(self) -> dict[str, Any]:
        """What a request for a job asks for; else nothing."""
        return self.body.get("configuration", {}) if isinstance(self.body, dict) else {}

    @property
    def is_insert(self) -> bool:
        """Whether it submits a query that is to run."""
        return "query" in self.configuration and not self.configuration.get("dryRun")

    def refuse(self, status: int, reason: str, message: str) -> None:
        """Put a refusal of BigQuery in place of the reply."""
        errors = [{"reason": reason, "message": message}]
        error = {"code": status, "message": message, "errors": errors}
        self.status, self.reply = status, json.dumps({"error": error}).encode()


@dataclass(kw_only=True)
class Tap:
    """What passes between the client and the emulator, to be looked at and tampered with.

    Attributes:
        address: What clients talk to.
        beyond: What lies behind it: the emulator.
        calls: All requests so far.
        before: Looks at a request before the emulator does, and may change its path and its JSON
            body; a status: refuse it with that.
        after: Looks at a reply and may change it; False: break the connection in the middle of it.
    """

    address: str = ""
    beyond: str = ""
    calls: list[Call] = field(default_factory=list)
    before: Callable[[Call], int | None] = lambda _: None
    after: Callable[[Call], bool | None] = lambda _: None

    @property
    def inserts(self) -> list[Call]:
        """The queries that were submitted."""
        return [call for call in self.calls if call.is_insert]


@pytest.fixture
def tap(bigquery: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tap]:
    """A tap on the wire that warehouses opened from now on use."""
    tap = Tap(beyond=bigquery.rest)

    class Handler(BaseHTTPRequestHandler):
        def relay(self) -> None:
            sent = self.rfile.read(int(self.headers.get("content-length") or 0))
            is_json = "json" in (self.headers.get("content-type") or "")
            call = Call(
                method=self.command,
                path=self.path,
                body=json.loads(sent) if is_json and sent else sent,
            )
            tap.calls.append(call)
            status = tap.before(call)
            if status is not None:
                call.refuse(status, REASONS.get(status, "backendError"), "not now")
            else:
                self._forward(call, json.dumps(call.body).encode() if is_json and sent else sent)
            is_whole = tap.after(call) is not False
            self.send_response(call.status)
            self.send_header("content-type", "application/json")
            if call.location:
                self.send_header("location", call.location.replace(bigquery.rest, tap.address))
            self.send_header("content-length", str(len(call.reply)))
            self.end_headers()
            self.wfile.write(call.reply if is_whole else call.reply[: len(call.reply) // 2])
            self.close_connection = not is_whole

        def _forward(self, call: Call, sent: bytes) -> None:
            kept = {"content-type": self.headers.get("content-type") or "application/json"}
            if span := self.headers.get("content-range"):
                kept["content-range"] = span
            request = Request(  # noqa: S310 (loopback)
                bigquery.rest + call.path, data=sent or None, method=self.command, headers=kept
            )
            try:
                with urlopen(request) as answer:  # noqa: S310 (loopback)
                    call.status, call.reply = answer.status, answer.read()
                    call.location = answer.headers.get("location") or ""
            except HTTPError as error:
                call.status, call.reply = error.code, error.read()

        do_GET = do_POST = do_PUT = do_DELETE = relay  # noqa: N815 (the names that the base class calls)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    tap.address = f"http://127.0.0.1:{server.server_address[1]}"
    monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", tap.address)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield tap
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass(kw_only=True)
class LoadNames:
    """The names of load jobs, which the emulator forgets: it makes up its own.

    jobs.insert: a job is found under the `jobReference.jobId` that its upload gives, with its
    labels, and no second one is taken under it.

    Attributes:
        known: By the name that a job was given, the emulator's name and the labels.
    """

    known: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    _begun: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    def before(self, call: Call) -> int | None:
        """Ask for a job by the emulator's name, and refuse one whose name is taken."""
        name = call.path.partition("?")[0].rpartition("/")[2]
        if call.method == "GET" and name in self.known:
            call.path = call.path.replace(name, self.known[name][0])
        is_taken = call.is_upload and call.body["jobReference"]["jobId"] in self.known
        return 409 if is_taken else None

    def after(self, call: Call) -> None:
        """Tell a job's name and labels as they were given."""
        if call.is_upload and call.location:
            labels = call.configuration.get("labels", {})
            self._begun[call.location] = (call.body["jobReference"]["jobId"], labels)
        reply = json.loads(call.reply) if call.reply.startswith(b"{") else {}
        if "jobReference" not in reply:
            return
        theirs = reply["jobReference"]["jobId"]
        for location, (name, labels) in self._begun.items():
            if call.method == "PUT" and location.endswith(call.path):
                self.known[name] = (theirs, labels)
        for name, (emulator_s, labels) in self.known.items():
            if theirs == emulator_s:
                reply["jobReference"]["jobId"] = name
                reply["configuration"]["labels"] = labels
        call.reply = json.dumps(reply).encode()


@pytest.fixture
def load_names(tap: Tap) -> LoadNames:
    """Names of load jobs, for warehouses that are opened from now on."""
    names = LoadNames()
    tap.before, tap.after = names.before, names.after
    return names
