from pathlib import Path

import pytest
from yule_cli.errors import CaseError
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


@pytest.mark.parametrize(
    "uri",
    [
        "https://me:canary@mlflow.example.com",
        "postgresql://canary@db/mlflow",
        "https://mlflow.example.com?api_key=canary",
    ],
)
def test_credentials_are_refused_and_not_repeated(uri: str) -> None:
    with pytest.raises(CaseError, match="holds credentials") as caught:
        place(uri)

    assert "canary" not in str(caught.value)
