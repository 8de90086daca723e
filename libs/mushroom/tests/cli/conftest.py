"""The `mushroom` command in a folder with a shop."""

from collections.abc import Callable
from pathlib import Path

import pytest
from mushroom.cli.app import app
from typer.testing import CliRunner, Result

Invoke = Callable[..., Result]


@pytest.fixture
def mushroom(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Run the command in the folder that holds `shop` and `catalog.yaml`."""
    monkeypatch.chdir(shop.parent)

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments))

    return invoke


@pytest.fixture
def over_shop() -> tuple[str, ...]:
    return ("--catalog", "catalog.yaml", "--warehouse", "duckdb:shop")
