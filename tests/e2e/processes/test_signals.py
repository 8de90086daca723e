"""Ctrl-C and SIGTERM in every stage of a run: each run goes on where the last was interrupted."""

import json
import signal
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest
from shop import write_shop
from started import Started, published, start_run, stored, tracked

Sign = Callable[[Started, Path], bool]
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


def said(line: str) -> Sign:
    return lambda run, _state: line in run.said.read_text()


def there(pattern: str) -> Sign:
    """Wait for a file that only this run can have made: earlier runs' are gone."""
    return lambda _run, state: any(state.glob(pattern))


def tracking(_run: Started, state: Path) -> bool:
    return bool(tracked(state / "mlflow.db"))


SIGNS: dict[str, Sign] = {
    "start": said("Resolving"),
    "resolving": there("store/side/warehouse*"),
    **{
        name: there(f"runs/*/logs/{name}-*.log")
        for name in ("LabelRows", "EventWindows", "TrainFold", "FitEnsemble", "ScoreShard")
    },
    "publishing": said("Publishing"),
    "reporting": there("predictions/shop/latest"),
    "laying MLflow out": there("mlflow.db.lock"),
    "tracking": tracking,
}


@pytest.mark.slow
def test_a_signal_in_any_stage_leaves_nothing_but_work_to_do(tmp_path: Path) -> None:
    case = write_shop(tmp_path / "shop")
    state = case.parent / ".yule"
    kept: set[Path] = set()
    for (stage, has_come), signum in zip(SIGNS.items(), cycle(CODES), strict=False):
        run = start_run(case, tmp_path / f"stderr {stage}")
        run.wait_for(lambda run=run, has_come=has_come: has_come(run, state))

        assert run.signal(signum) == CODES[signum], (stage, run.said.read_text())
        assert f"nterrupted by {signum.name}" in run.said.read_text(), stage
        assert "Traceback" not in run.said.read_text(), stage
        check_nothing_is_half_written(state)
        assert kept <= stored(state)
        kept = stored(state)

    printed = start_run(case, tmp_path / "stderr").printed()

    assert printed["tasks"]["computed"] == len(stored(state)) - len(kept)
    assert len(published(Path(printed["paths"]["predictions"]))) == 2
    assert tracked(state / "mlflow.db")[printed["mlflow"]["run_id"]] == "FINISHED"


def check_nothing_is_half_written(state: Path) -> None:
    for path in state.glob("runs/*/*.json"):
        json.loads(path.read_text())
    assert not [path for path in state.rglob(".*") if path.is_file() or path.is_symlink()]
    assert not [*state.glob("store/tmp/*"), *state.glob("store/claims/*")]
    for folder in state.glob("predictions/shop/*/"):
        assert len(published(folder)) == 2
        assert (folder / "_manifest.json").exists()
    assert "RUNNING" not in tracked(state / "mlflow.db").values()
