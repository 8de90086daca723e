import pytest
from yule_cli.credentials import has_credentials, redacted


@pytest.mark.parametrize(
    "text",
    [
        "https://me:canary@mlflow.example.com",
        "postgresql://canary@db/mlflow",
        "duckdb:postgres://me:canary@host/db",
        "https://me:can/ary@host",
        "https://me:can@ary@host",
        "https://host?api_key=canary",
        "https://host/a?x=1&Password=canary",
        "https://me:${env:X}canary@host",
    ],
)
def test_credentials_are_found_and_hidden(text: str) -> None:
    assert has_credentials(text)
    shown = redacted(f"cannot open {text!r}.")
    assert "canary" not in shown
    assert "can" not in shown.removeprefix("cannot")


@pytest.mark.parametrize(
    "text",
    [
        "https://mlflow.example.com:5000/team@home",
        "https://me:${env:PASSWORD}@host",
        "https://${file:/run/secrets/user}@host",
        "https://host?token=${env:TOKEN}",
        "sqlite:///a/b@c.db",
        "duckdb:data",
        "me@example.com",
    ],
)
def test_other_texts_hold_none(text: str) -> None:
    assert not has_credentials(text)
