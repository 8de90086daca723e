"""Logs of containers over HTTP, as the API server asks a kubelet for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

__all__ = ["LogServer", "log_path"]

_POLL_S = 0.05


def log_path(folder: Path, namespace: str, pod: str, container: str) -> Path:
    """Return the file that holds a container's log."""
    return folder / f"{namespace}_{pod}_{container}.log"


class LogServer(ThreadingHTTPServer):
    """Serves `/containerLogs/NAMESPACE/POD/CONTAINER`, also while the container writes.

    Args:
        folder: of the logs.
        is_running: whether a container of this namespace, pod and name may still write.
    """

    daemon_threads = True

    def __init__(self, folder: Path, is_running: Callable[[str, str, str], bool]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder, self.is_running = folder, is_running
        self.is_over = threading.Event()

    def stop(self) -> None:
        """End the server, and the logs that are being followed."""
        self.is_over.set()
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: LogServer
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        names = parts.path.strip("/").split("/")
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if len(names) != 4 or names[0] != "containerLogs" or ".." in names:
            self.send_error(404)
            return
        namespace, pod, container = names[1:]
        path = log_path(self.server.folder, namespace, pod, container)
        if not path.exists():
            self.send_response(400)
            self.end_headers()
            text = f'container "{container}" in pod "{pod}" is waiting to start'
            self.wfile.write(text.encode())
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        follows = query.get("follow") in ("1", "true")

        def may_grow() -> bool:
            over = self.server.is_over.is_set()
            return follows and not over and self.server.is_running(namespace, pod, container)

        try:
            for line in _selected(path, query, may_grow):
                self.wfile.write(line)
        except (BrokenPipeError, ConnectionResetError):
            return

    def log_message(self, *_: Any) -> None:
        """Keep stderr clean."""


def _since(query: dict[str, str]) -> datetime | None:
    if "sinceSeconds" in query:
        return datetime.now(UTC) - timedelta(seconds=int(query["sinceSeconds"]))
    return datetime.fromisoformat(query["sinceTime"]) if "sinceTime" in query else None


def _selected(path: Path, query: dict[str, str], may_grow: Callable[[], bool]) -> Iterator[bytes]:
    lines = list(_lines(path, lambda: False))
    seen = len(lines)
    if (since := _since(query)) is not None:
        utc = since.astimezone(UTC)
        text = utc.isoformat(timespec="microseconds").replace("+00:00", "Z").encode()
        lines = [line for line in lines if line >= text]
    if "tailLines" in query:
        lines = lines[max(0, len(lines) - int(query["tailLines"])) :]
    later = (line for place, line in enumerate(_lines(path, may_grow)) if place >= seen)
    left = int(query.get("limitBytes", "-1"))
    has_times = query.get("timestamps") in ("1", "true")
    for source in (lines, later):
        for line in source:
            shown = line if has_times else line.partition(b" ")[2]
            if left >= 0:
                shown, left = shown[:left], max(0, left - len(shown))
            yield shown


def _lines(path: Path, may_grow: Callable[[], bool]) -> Iterator[bytes]:
    """Yield whole lines; wait for more as long as there may be more."""
    rest = b""
    with path.open("rb") as file:
        while True:
            # Asked before reading: what is written before the end is read after it.
            goes_on = may_grow()
            while part := file.read(65536):
                *lines, rest = (rest + part).split(b"\n")
                yield from (line + b"\n" for line in lines)
            if not goes_on:
                return
            time.sleep(_POLL_S)
