"""The emulator, as a process of its own, datasets in it, and a tap on the wire to it."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pyarrow as pa
import pytest
from mushroom.testing.emulator import Emulator, emulator_binaries, running_emulator
from mushroom.warehouse.bigquery import BigQueryWarehouse, write_table


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """The process that `tools/bqemulator.txt` makes possible, or a skip that says why not."""
    binaries = emulator_binaries(Path(__file__).parents[5] / ".nox/bqemulator/bin")
    with running_emulator(binaries, tmp_path_factory.mktemp("emulator")) as running:
        yield running


@pytest.fixture
def bigquery(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """The emulator, which warehouses that are opened in this process talk to."""
    for name, value in emulator.environment.items():
        monkeypatch.setenv(name, value)
    return emulator


@pytest.fixture
def url() -> str:
    """A dataset of the test's own, in a project of its own."""
    return f"bigquery://test-{uuid4().hex[:12]}/shop"


Fill = Callable[[str, Mapping[str, pa.Table]], None]


@pytest.fixture
def fill(bigquery: Emulator) -> Fill:
    """Makes the dataset of a URL hold exactly some tables."""

    def fill(url: str, tables: Mapping[str, pa.Table]) -> None:
        with pytest.MonkeyPatch.context() as direct:
            direct.setenv("BIGQUERY_EMULATOR_HOST", bigquery.rest)
            warehouse = BigQueryWarehouse(url)
            address, client = warehouse.address, warehouse.client
            name = f"{address.project}.{address.dataset}"
            client.delete_dataset(name, delete_contents=True, not_found_ok=True)
            client.create_dataset(name)
            for table, rows in tables.items():
                write_table(warehouse, table, rows.to_batches(), schema=rows.schema)

    return fill


@dataclass(kw_only=True)
class Call:
    """One request on the wire, and the emulator's reply once there is one."""

    method: str
    path: str
    body: Any
    status: int = 0
    reply: bytes = b""

    @property
    def configuration(self) -> dict[str, Any]:
        """What a request for a job asks for; else nothing."""
        return self.body.get("configuration", {}) if isinstance(self.body, dict) else {}

    @property
    def is_insert(self) -> bool:
        """Whether it submits a query that is to run."""
        return "query" in self.configuration and not self.configuration.get("dryRun")


@dataclass(kw_only=True)
class Tap:
    """What passes between the client and the emulator, to be looked at and tampered with.

    Attributes:
        address: What clients talk to.
        beyond: What lies behind it: the emulator.
        calls: All requests so far.
        before: Looks at a request before the emulator does; a status: refuse it with that.
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
                reason = {"reason": "backendError", "message": "not now"}
                call.status = status
                call.reply = json.dumps(
                    {"error": {"errors": [reason], "message": "not now"}}
                ).encode()
            else:
                self._forward(call, sent)
            is_whole = tap.after(call) is not False
            self.send_response(call.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(call.reply)))
            self.end_headers()
            self.wfile.write(call.reply if is_whole else call.reply[: len(call.reply) // 2])
            self.close_connection = not is_whole

        def _forward(self, call: Call, sent: bytes) -> None:
            kept = {"content-type": self.headers.get("content-type") or "application/json"}
            request = Request(  # noqa: S310 (loopback)
                bigquery.rest + self.path, data=sent or None, method=self.command, headers=kept
            )
            try:
                with urlopen(request) as answer:  # noqa: S310 (loopback)
                    call.status, call.reply = answer.status, answer.read()
            except HTTPError as error:
                call.status, call.reply = error.code, error.read()

        do_GET = do_POST = do_DELETE = relay  # noqa: N815 (the names that the base class calls)

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
