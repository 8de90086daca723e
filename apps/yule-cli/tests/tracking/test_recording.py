import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from yule_cli.summary import MlflowRun, RunSummary
from yule_cli.tracking import TrackingError, TrackingPlace, track_run
from yule_cli.tracking.quiet import quiet_mlflow

Track = Callable[..., MlflowRun]


def written(tracked: MlflowRun) -> Any:
    with quiet_mlflow():
        from mlflow import MlflowClient

        return MlflowClient(tracking_uri=tracked.uri).get_run(tracked.run_id)


def history(tracked: MlflowRun, metric: str) -> list[tuple[int, float]]:
    with quiet_mlflow():
        from mlflow import MlflowClient

        found = MlflowClient(tracking_uri=tracked.uri).get_metric_history(tracked.run_id, metric)
    return [(point.step, point.value) for point in found]


@pytest.fixture(scope="session")
def track(place: TrackingPlace, resolved: dict[str, Any]) -> Track:
    def tracked(
        summary: RunSummary, *, to: TrackingPlace = place, artifacts: Sequence[Path] = ()
    ) -> MlflowRun:
        return track_run(to, summary, resolved=resolved, artifacts=artifacts)

    return tracked


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    report = tmp_path / "report.html"
    report.write_text("<p>report")
    return [report, tmp_path / "missing.html"]


def test_a_run_is_written_whole_and_only_once(
    track: Track, summary: RunSummary, files: list[Path], capfd: pytest.CaptureFixture[str]
) -> None:
    tracked = track(summary, artifacts=files)
    again = track(summary, artifacts=files)

    assert again == tracked
    assert capfd.readouterr() == ("", "")
    run = written(tracked)
    assert (run.info.status, run.info.run_name) == ("FINISHED", summary.run_id)
    assert run.info.end_time - run.info.start_time == 12_500
    assert run.data.params["models.gbdt.params.depth"] == "6"
    assert run.data.metrics["purchased/ensemble/auc"] == 0.8
    assert history(tracked, "purchased/gbdt/folds/rows") == [(0, 60.0), (1, 40.0)]
    assert run.data.tags["yule.resolved_digest"] == "d1" * 32
    folder = Path(unquote(urlsplit(run.info.artifact_uri).path))
    assert sorted(path.name for path in folder.iterdir()) == ["report.html", "summary.json"]
    assert f'"run_id": "{tracked.run_id}"' in (folder / "summary.json").read_text()


def test_a_failed_run_is_tracked_as_failed(track: Track, summary: RunSummary) -> None:
    failed = replace(
        summary, run_id="shop-failed", status="failed", error="fold 1 failed.", targets=()
    )

    run = written(track(failed))

    assert run.info.status == "FAILED"
    assert "fold 1 failed." in run.data.tags["mlflow.note.content"]


def test_a_server_that_is_down_leaves_the_results_alone(
    track: Track, summary: RunSummary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        uri = f"http://127.0.0.1:{free.getsockname()[1]}"

    with pytest.raises(TrackingError, match="run the case again") as caught:
        track(summary, to=TrackingPlace(uri=uri, experiment="e"))

    assert f"Its results are kept in {summary.paths.run}" in str(caught.value)


def test_a_deleted_experiment_is_explained(
    track: Track, summary: RunSummary, place: TrackingPlace
) -> None:
    deleted = replace(place, experiment="deleted")
    tracked = track(summary, to=deleted)
    with quiet_mlflow():
        from mlflow import MlflowClient

        client = MlflowClient(tracking_uri=tracked.uri)
        client.delete_experiment(client.get_experiment_by_name("deleted").experiment_id)

    with pytest.raises(TrackingError, match="mlflow experiments restore --experiment-id"):
        track(summary, to=deleted)
