"""A real MLflow server on this machine."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_PATIENCE_S = 300.0


@contextmanager
def mlflow_server(folder: Path) -> Iterator[str]:
    """Serve MLflow with files of its own; lend its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = [
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
        *("--backend-store-uri", f"sqlite:///{folder}/mlflow.db"),
        *("--artifacts-destination", str(folder / "files")),
    ]
    log = folder / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "mlflow", "server", *arguments],
            stdout=output,
            stderr=output,
            env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"},
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + _PATIENCE_S
        while not _is_ready(address):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield address
    finally:
        # The server has workers of its own; all are in the session that was started for it.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def tracked_runs(address: str, experiment: str) -> list[str]:
    """Return the status of each run of an experiment."""
    place = f"{address}/api/2.0/mlflow"
    name = f"experiments/get-by-name?experiment_name={experiment}"
    found = _asked(f"{place}/{name}")["experiment"]["experiment_id"]
    runs = _asked(f"{place}/runs/search", {"experiment_ids": [found]}).get("runs", [])
    return [run["info"]["status"] for run in runs]


def _asked(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    kind = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data, kind)  # noqa: S310 - http, to ourselves
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        answered: dict[str, Any] = json.load(answer)
        return answered


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=1) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False
