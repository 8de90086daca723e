"""Ctrl-C and SIGTERM in every stage of a run: each run goes on where the last was interrupted."""

import json
import signal
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest
from shop import write_shop
from started import published, start_run, stored, tracked

Look = Callable[[Path, str], set[object]]
"""What there is to see in the state folder, and in what the run has said."""

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


def line(words: str) -> Look:
    return lambda _state, said: {words} if words in said else set()


def files(pattern: str) -> Look:
    return lambda state, _said: set(state.glob(pattern))


def tracked_runs(state: Path, _said: str) -> set[object]:
    return set(tracked(state / "mlflow.db"))


STAGES: dict[str, Look] = {
    "start": line("Resolving"),
    "resolving": files("store/side/warehouse*"),
    **{
        name: files(f"runs/*/logs/{name}-*.log")
        for name in ("LabelRows", "EventWindows", "TrainFold", "FitEnsemble", "ScoreShard")
    },
    "publishing": line("Publishing"),
    "reporting": files("predictions/shop/shop-*"),
    "laying MLflow out": files("runs/*/report.html"),
    "tracking": tracked_runs,
}
"""Each stage, and where something new is seen when it begins."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "signals", [tuple(CODES), tuple(reversed(CODES))], ids=["Ctrl-C first", "SIGTERM first"]
)
def test_a_signal_in_any_stage_leaves_nothing_but_work_to_do(
    tmp_path: Path, signals: tuple[signal.Signals, ...]
) -> None:
    case = write_shop(tmp_path / "shop", is_tracked=True)
    state = case.parent / ".yule"
    kept: set[Path] = set()
    for (stage, look), signum in zip(STAGES.items(), cycle(signals), strict=False):
        before = look(state, "")
        run = start_run(case, tmp_path / f"stderr {stage}")
        run.wait_for(lambda run=run: "Resolving" in run.said.read_text())
        run.wait_for(
            lambda run=run, look=look, before=before: look(state, run.said.read_text()) - before
        )

        assert run.signal(signum) == CODES[signum], (stage, run.said.read_text())
        said = run.said.read_text()
        assert f"nterrupted by {signum.name}" in said, stage
        assert "What is stored is kept: start the same" in said, stage
        assert "Traceback" not in said, stage
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
