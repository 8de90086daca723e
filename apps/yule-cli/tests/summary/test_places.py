import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from yule_cli.summary import MlflowRun, PublishedTable, RunSummary
from yule_cli.summary.places import Place, places


def named(summary: RunSummary, label: str, relative_to: Path = Path("/home/me/shop")) -> Place:
    return next(p for p in places(summary, relative_to=relative_to) if p.label == label)


@pytest.mark.parametrize("folder", ["latest", "O'Brien & sons"])
def test_the_command_for_predictions_shows_them(
    summary: RunSummary, tmp_path: Path, folder: str
) -> None:
    predictions = tmp_path / folder
    predictions.mkdir()
    pq.write_table(pa.table({"entity_id": [12345]}), predictions / "shard-00000.parquet")
    (predictions / "manifest.json").write_text("{}")
    summary = replace(summary, paths=replace(summary.paths, predictions=predictions))

    command = named(summary, "Predictions", tmp_path).command

    assert command is not None
    shown = subprocess.run(
        ["/bin/sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "12345" in shown.stdout


def test_what_lies_in_a_bucket_is_shown_by_its_url(summary: RunSummary) -> None:
    url = "gs://cases/team a/predictions/shop/one"
    paths = replace(summary.paths, predictions=url, shared="gs://cases/team a/runs/one")
    summary = replace(summary, paths=paths)

    predictions = named(summary, "Predictions")

    assert predictions.where == url
    assert predictions.command == f"gcloud storage cp --recursive '{url}' ."
    assert named(summary, "In the bucket").where == "gs://cases/team a/runs/one"


@pytest.mark.parametrize(("how", "note"), [("replace", "replaced"), ("append", "added to, once")])
def test_a_table_is_shown_with_what_became_of_its_rows(
    summary: RunSummary, how: Literal["replace", "append"], note: str
) -> None:
    table = PublishedTable(warehouse="bigquery://acme/shop", table="scores", how=how)

    place = named(replace(summary, table=table), "Table")

    assert (place.where, place.note) == ("scores in bigquery://acme/shop", note)


def test_paths_elsewhere_are_shown_whole(summary: RunSummary, tmp_path: Path) -> None:
    assert named(summary, "MLflow", tmp_path).where == "sqlite:////home/me/shop/.yule/mlflow.db"
    assert named(summary, "MLflow").where == "sqlite:///.yule/mlflow.db"


def test_a_tracking_server_needs_no_command(summary: RunSummary) -> None:
    server = MlflowRun(uri="https://mlflow.example.com", experiment="e", run_id="r")

    place = named(replace(summary, mlflow=server), "MLflow")

    assert (place.where, place.command) == ("https://mlflow.example.com", None)


def test_programs_of_an_environment_that_is_not_activated_are_named_by_path(
    summary: RunSummary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    command = named(summary, "Learning curves").command

    program = Path(sys.executable).parent / "tensorboard"
    assert command == f"{program} --logdir .yule/runs/one/tensorboard"


def test_a_mac_opens_the_report_with_open(
    summary: RunSummary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")

    assert named(summary, "Report").command == "open .yule/runs/one/report.html"
