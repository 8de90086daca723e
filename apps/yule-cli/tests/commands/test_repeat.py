import json
from pathlib import Path

import pytest
from typer.testing import CliRunner
from yule_cli.main import app
from yule_cli.tracking import process


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was started: the tracker's process, if anything."""
    found: list[str] = []

    class Starting:
        def __init__(self) -> None:
            found.append("tracker")
            raise KeyboardInterrupt

    monkeypatch.setattr(process, "Tracker", Starting)
    return found


@pytest.mark.parametrize("is_enabled", [True, False])
def test_mlflow_is_loaded_for_runs_that_were_tracked(
    tmp_path: Path, started: list[str], is_enabled: bool
) -> None:
    text = json.dumps({"setup": {"tracking": {"enabled": is_enabled}}})
    (tmp_path / "resolved.json").write_text(text)

    CliRunner().invoke(app, ["repeat", str(tmp_path)])

    assert started == (["tracker"] if is_enabled else [])


def test_a_folder_that_is_no_run_starts_nothing(tmp_path: Path, started: list[str]) -> None:
    found = CliRunner().invoke(app, ["repeat", str(tmp_path / "nowhere")])

    assert (found.exit_code, started) == (2, [])
    assert "There is no folder" in found.stderr
