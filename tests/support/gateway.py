"""Stands between a client and the emulator: counts requests, and answers or garbles some."""

from __future__ import annotations

import gc
import http.client
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

Reply = tuple[int, bytes]


class Gateway:
    """What passed, and what to do with it.

    Attributes:
        requests: Method and what was asked: `list`, or the name of an object's last part.
        instead: Answers in the emulator's place; None lets pass.
        sent: Changes the body of a request.
        received: Changes the body of a reply; its announced length stays.
    """

    def __init__(self) -> None:
        self.requests: list[tuple[str, str]] = []
        self.instead: Callable[[], Reply | None] = lambda: None
        self.sent: Callable[[bytes], bytes] = lambda body: body
        self.received: Callable[[bytes], bytes] = lambda body: body

    def note(self, method: str, path: str) -> None:
        name = unquote(urlsplit(path).path).rpartition("/")[2]
        self.requests.append((method, "upload or list" if name == "o" else name))


@contextmanager
def gateway(emulator: str) -> Iterator[tuple[str, Gateway]]:
    """Serve until the block ends; return the address, and what to look at and to set."""
    made = Gateway()
    target = urlsplit(emulator).netloc

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.note(self.command, self.path)
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = made.instead()
            if answer is not None:
                self.reply(answer[0], [], answer[1], len(answer[1]))
                return
            onward = http.client.HTTPConnection(target, timeout=60)
            headers = {k: v for k, v in self.headers.items() if k != "Connection"}
            onward.request(self.command, self.path, made.sent(sent), headers)
            with onward.getresponse() as response:
                body = response.read()
                kept = [h for h in response.getheaders() if h[0] not in ("Content-Length", "Date")]
            onward.close()
            self.reply(response.status, kept, made.received(body), len(body))

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

        def reply(
            self, status: int, headers: list[tuple[str, str]], body: bytes, length: int
        ) -> None:
            self.send_response(status)
            for name, value in [*headers, ("Content-Length", str(length))]:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        # The official client leaves the socket of a download that broke off to the collector, whose
        # warning would fall into whichever test runs then.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()
