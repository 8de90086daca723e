import sys
from dataclasses import replace
from pathlib import Path

import pytest
from yule_cli.summary import Reused, RunSummary, stage_costs


@pytest.fixture
def second_run(summary: RunSummary) -> RunSummary:
    """The same run, all of whose results came from the cache."""
    reused = [Reused(name="LabelRows", seconds=1.0)] * 2 + [Reused(name="TrainFold", seconds=60.0)]
    return replace(summary, stages=stage_costs([], reused))


@pytest.fixture(autouse=True)
def activated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's programs are found by name, on a Linux desktop."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    monkeypatch.setattr(sys, "platform", "linux")
