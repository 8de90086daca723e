import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sharing import made_once
from shop import run_yule, write_shop
from variants import quick_shop, run

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


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the run of a quick shop in a folder printed, to hold others against."""

    def make(folder: Path) -> None:
        printed = run(quick_shop(folder))
        (folder / "printed.json").write_text(json.dumps(printed), encoding="utf-8")

    folder = made_once(tmp_path_factory, "plain", make)
    printed: dict[str, Any] = json.loads((folder / "printed.json").read_text(encoding="utf-8"))
    return printed


@pytest.fixture
def computed_shop(plain: dict[str, Any], tmp_path: Path) -> Path:
    """The case file of a copy of the plain shop, in whose store everything is computed already."""
    folder = Path(plain["paths"]["run"]).parents[2]
    return shutil.copytree(folder, tmp_path / "shop", symlinks=True) / "case.yaml"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case file of a little shop, nothing computed yet."""
    return write_shop(tmp_path_factory.mktemp("shop"))
