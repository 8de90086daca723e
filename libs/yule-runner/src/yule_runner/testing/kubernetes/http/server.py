"""The control plane on a local port."""

from __future__ import annotations

import contextlib
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from yule_runner.testing.kubernetes.cluster import Cluster
from yule_runner.testing.kubernetes.http.access import ADMIN_TOKEN, Access
from yule_runner.testing.kubernetes.http.faults import Faults
from yule_runner.testing.kubernetes.http.handler import Handler
from yule_runner.testing.kubernetes.http.request import Request

__all__ = ["ClusterServer", "serve"]

_TICK_S = 0.02


class ClusterServer(ThreadingHTTPServer):
    """Serves a cluster over HTTP.

    Attributes:
        cluster: what is served.
        access: tokens and roles.
        faults: what is to go wrong.
        counts: requests that were let in, by user, verb and plural.
        is_over: whether it stops; watches end then.
        clock_ahead_s: how far the dates of its answers are ahead of this machine's clock.
    """

    daemon_threads = True

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.cluster, self.access, self.faults = cluster, Access(), Faults()
        self.counts: Counter[tuple[str, str, str]] = Counter()
        self.is_over = threading.Event()
        self.clock_ahead_s = 0.0
        self._counting = threading.Lock()

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"http://127.0.0.1:{self.server_port}"

    def count(self, user: str, request: Request) -> None:
        """Count a request."""
        with self._counting:
            self.counts[user, request.verb, request.resource.plural] += 1

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what went wrong, unless the client only hung up."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def write_kubeconfig(
        self, path: Path, *, token: str = ADMIN_TOKEN, namespace: str = "default"
    ) -> Path:
        """Write a kubeconfig with one context for this server; return its path."""
        context = {"cluster": "simulated", "user": "user", "namespace": namespace}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "simulated", "cluster": {"server": self.url}}],
            "users": [{"name": "user", "user": {"token": token}}],
            "contexts": [{"name": "simulated", "context": context}],
            "current-context": "simulated",
        }
        # JSON is YAML, and needs no quoting of its own.
        path.write_text(json.dumps(config, indent=2), encoding="utf-8")
        return path


@contextlib.contextmanager
def serve(cluster: Cluster, *, speed: float = 0.0) -> Iterator[ClusterServer]:
    """Serve a cluster for as long as the context lasts.

    Args:
        cluster: what to serve.
        speed: seconds of the cluster's clock for each real second; at 0 only the test moves it.
    """
    with ClusterServer(cluster) as server:
        threads = [threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)]
        if speed:
            threads.append(threading.Thread(target=_pace, args=(server, speed), daemon=True))
        for thread in threads:
            thread.start()
        try:
            yield server
        finally:
            server.is_over.set()
            with cluster.lock:
                cluster.lock.notify_all()
            server.shutdown()
            for thread in threads:
                thread.join()


def _pace(server: ClusterServer, speed: float) -> None:
    last = time.monotonic()
    while not server.is_over.wait(_TICK_S):
        now = time.monotonic()
        server.cluster.advance((now - last) * speed)
        last = now
