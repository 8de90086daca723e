import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from yule_cli.summary import RunSummary
from yule_cli.tracking import track_run, tracking_place
from yule_cli.tracking.quiet import quiet_mlflow

START_TIMEOUT_S = 120.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real MLflow server, with files of its own."""
    folder = tmp_path_factory.mktemp("server")
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
        deadline = time.monotonic() + START_TIMEOUT_S
        while not is_ready(address):
            assert time.monotonic() < deadline, log.read_text()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.1)
                pytest.fail(log.read_text())
        yield address
    finally:
        # The server has workers of its own; all are in the session that was started for it.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=1) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.slow
def test_a_run_reaches_a_server_with_its_files(
    server: str, summary: RunSummary, resolved: dict[str, Any], tmp_path: Path
) -> None:
    report = tmp_path / "report.html"
    report.write_text("<p>report")
    place = tracking_place(server, experiment="shop", state=tmp_path, relative_to=tmp_path)

    tracked = track_run(place, summary, resolved=resolved, artifacts=[report])
    again = track_run(place, summary, resolved=resolved, artifacts=[report])

    assert again == tracked
    with quiet_mlflow():
        from mlflow import MlflowClient

        client = MlflowClient(tracking_uri=server)
        run = client.get_run(tracked.run_id)
        files = {file.path for file in client.list_artifacts(tracked.run_id)}
    assert run.info.status == "FINISHED"
    assert run.data.metrics["purchased/gbdt/auc"] == 0.8
    assert files == {"report.html", "summary.json"}
    assert not list(tmp_path.glob("ml*"))


@pytest.mark.slow
def test_a_server_stores_no_secret(
    server: str,
    summary: RunSummary,
    resolved: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PASSWORD", "can4ry")
    uri = server.replace("http://", "http://me:${env:PASSWORD}@")
    folder = tmp_path_factory.mktemp("secret")
    report = folder / "report.html"
    report.write_text("<p>report")
    place = tracking_place(uri, experiment="secret", state=folder, relative_to=folder)

    tracked = track_run(place, summary, resolved=resolved, artifacts=[report])

    assert tracked.uri == uri
    assert "MLFLOW_TRACKING_PASSWORD" not in os.environ
    files = [path for path in tmp_path_factory.getbasetemp().rglob("*") if path.is_file()]
    assert any(path.name == "mlflow.db" for path in files)
    assert not [path for path in files if b"can4ry" in path.read_bytes()]
