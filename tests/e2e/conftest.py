import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shop import run_yule, write_shop

Yule = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def yule() -> Yule:
    """Run a case and return the JSON object that `yule run --json` prints."""

    def run(case: Path) -> dict[str, Any]:
        completed = run_yule("run", case, "--json")
        assert completed.returncode == 0, completed.stderr
        printed: dict[str, Any] = json.loads(completed.stdout)
        return printed

    return run


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case file of a little shop, nothing computed yet."""
    return write_shop(tmp_path_factory.mktemp("shop"))
