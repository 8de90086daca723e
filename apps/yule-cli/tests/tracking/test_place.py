from pathlib import Path

import pytest
from yule_cli.secrets import SecretError
from yule_cli.tracking import TrackingPlace, tracking_place


def place(uri: str | None) -> TrackingPlace:
    return tracking_place(uri, experiment="e", state=Path("/shop/.yule"), relative_to=Path("/shop"))


def test_the_default_is_an_sqlite_file_in_the_state_folder() -> None:
    found = place(None)

    assert found.uri == "sqlite:////shop/.yule/mlflow.db"
    assert found.database == Path("/shop/.yule/mlflow.db")
    assert found.artifacts == Path("/shop/.yule/mlartifacts")


def test_a_relative_sqlite_file_lies_beside_the_case() -> None:
    assert place("sqlite:///team/runs.db").uri == "sqlite:////shop/team/runs.db"


def test_a_server_decides_where_files_go() -> None:
    found = place("http://mlflow:5000/team")

    assert (found.uri, found.database, found.artifacts) == ("http://mlflow:5000/team", None, None)


def test_secrets_stand_in_the_uri_by_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSWORD", "p@ss/w:rd")

    found = place("https://me:${env:PASSWORD}@mlflow.example.com/team")

    assert found.uri == "https://me:${env:PASSWORD}@mlflow.example.com/team"
    assert found.access() == (
        "https://mlflow.example.com/team",
        {"MLFLOW_TRACKING_USERNAME": "me", "MLFLOW_TRACKING_PASSWORD": "p@ss/w:rd"},
    )


def test_a_database_gets_its_password_in_the_uri(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSWORD", "p@ss")

    found = place("postgresql://me:${env:PASSWORD}@db/mlflow")

    assert found.access() == ("postgresql://me:p%40ss@db/mlflow", {})


def test_a_secret_that_is_missing_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PASSWORD", raising=False)

    with pytest.raises(SecretError, match="variable 'PASSWORD', which is not set"):
        place("https://me:${env:PASSWORD}@mlflow.example.com")


def test_the_path_of_an_sqlite_file_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKING", "sqlite:///runs.db")

    with pytest.raises(SecretError, match="is an SQLite file, which is no secret"):
        place("${env:TRACKING}")
