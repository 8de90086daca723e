import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tracking_server import mlflow_server
from yule_cli.summary import RunSummary
from yule_cli.tracking import track_run, tracking_place
from yule_cli.tracking.quiet import quiet_mlflow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with mlflow_server(tmp_path_factory.mktemp("server")) as address:
        yield address


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
