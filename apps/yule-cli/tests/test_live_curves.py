"""Learning curves that are seen on one machine while another trains, by way of a bucket."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from gokart_store import (
    FolderStore,
    GcsStore,
    JsonFormat,
    Resources,
    StoredTask,
    TaskRecord,
    open_store,
)
from gokart_store.testing.gcs_emulator import gcs_emulator
from luigi import IntParameter
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from yule_cli.live_curves import CurveBook, CurveWindow, watching
from yule_cli.told_curves import Curve, curves_told
from yule_models.curves import CurveWriter
from yule_models.estimators import CurvePoint
from yule_runner import Group, RunPlanned, TaskReused, TaskStarted
from yule_runner.events import TaskFinished

CURVE = Curve(model="trees", fold=0, prefix="side/curves/1", state="trains")


class Fit(StoredTask[int]):
    format = JsonFormat()
    fold = IntParameter()

    def run(self) -> None:
        self.dump(1)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with gcs_emulator("curves") as address:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
        yield "gs://curves/team"


def until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.02)


def steps(seen: EventAccumulator) -> list[int]:
    seen.Reload()
    if "loss" not in seen.Tags()["scalars"]:
        return []
    return [point.step for point in seen.Scalars("loss")]


def test_tensorboard_sees_a_curve_grow_while_another_machine_trains(
    bucket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GOKART_STORE_CACHE", str(tmp_path / "pod"))
    pod = GcsStore("curves", "team", share_every_s=0.02)
    monkeypatch.setenv("GOKART_STORE_CACHE", str(tmp_path / "here"))
    window = CurveWindow(open_store(bucket), tmp_path / "tensorboard")
    with (
        pod.sharing(CURVE.prefix) as folder,
        CurveWriter(folder, flush_s=0) as writer,
        watching(window, lambda: [CURVE], every_s=0.02),
    ):
        place = tmp_path / "tensorboard/trees/fold-0"
        until(lambda: place.exists() and any(place.iterdir()))
        seen = EventAccumulator(str(place))
        for step in range(3):
            writer.write(CurvePoint(step=step, values={"loss": 1.0 / (step + 1)}))
            until(lambda step=step: steps(seen) == list(range(step + 1)))


def test_the_book_follows_what_a_run_tells(tmp_path: Path) -> None:
    fits = {("trees", fold): Fit(fold=fold, workspace_directory=str(tmp_path)) for fold in range(3)}
    ids = [task.make_unique_id() for task in fits.values()]
    told: list[list[str]] = []
    book = CurveBook(fits, tell=lambda curves: told.append([each.state for each in curves]))

    group = Group(name="Fit", level=0, resources=Resources(), task_ids=tuple(ids[:2]))
    book(RunPlanned(total=3, reused=1, groups=(group,)))
    book(TaskStarted(task_id=ids[0], name="Fit", attempt=1, worker="pod"))
    book(TaskStarted(task_id=ids[0], name="Fit", attempt=2, worker="pod"))
    book(TaskStarted(task_id="another", name="Table", attempt=1, worker="pod"))
    record = TaskRecord(
        task_id=ids[0], name="Fit", seconds=1.0, peak_memory_gib=None, declared_memory_gib=1.0
    )
    book(TaskFinished(record=record))
    book(TaskReused(task_id=ids[1], name="Fit"))

    assert told == [
        ["waits", "waits", "ended"],
        ["trains", "waits", "ended"],
        ["ended", "waits", "ended"],
        ["ended", "ended", "ended"],
    ]
    assert [each.prefix for each in book.curves()] == [f"side/curves/{task_id}" for task_id in ids]


def test_fits_that_wait_are_not_asked_for_and_those_that_ended_once(tmp_path: Path) -> None:
    asked: list[str] = []

    class Asked(FolderStore):
        def shared(self, prefix: str) -> Path:
            asked.append(prefix)
            return super().shared(prefix)

    window = CurveWindow(Asked(tmp_path / "store"), tmp_path / "tensorboard")
    for state in ("waits", "trains", "trains", "ended", "ended"):
        window.show([replace(CURVE, state=state)])

    assert asked == [CURVE.prefix] * 3
    link = tmp_path / "tensorboard/trees/fold-0"
    assert link.resolve() == (tmp_path / "store" / CURVE.prefix).resolve()


def test_a_store_that_does_not_answer_is_a_warning(
    bucket: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    window = CurveWindow(open_store("gs://no-such-bucket/x"), tmp_path / "tensorboard")
    with caplog.at_level(logging.WARNING), watching(window, lambda: [CURVE]):
        pass
    assert "Learning curves are not shown for now: gs://no-such-bucket" in caplog.text


def test_a_driver_that_has_told_nothing_has_no_curves(tmp_path: Path) -> None:
    assert curves_told(FolderStore(tmp_path), "yule-driver-g1", "7") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"model": "../../trees"},
        {"model": ".."},
        {"model": "/trees"},
        {"fold": "../0"},
        {"prefix": "side/curves/../../runs"},
        {"prefix": "runs/one"},
    ],
)
def test_names_that_lead_elsewhere_are_left_out(tmp_path: Path, changes: dict[str, Any]) -> None:
    sound = asdict(CURVE)
    store = FolderStore(tmp_path)
    told = json.dumps([sound, sound | changes]).encode()
    store.write_bytes("side/pods/yule-driver-g1/7/curves.json", told)

    assert curves_told(store, "yule-driver-g1", "7") == [CURVE]


@pytest.mark.parametrize("content", [b"nonsense", b"[1]", b'[{"model": "trees"}]', b"7"])
def test_what_no_driver_has_told_shows_nothing(tmp_path: Path, content: bytes) -> None:
    store = FolderStore(tmp_path)
    store.write_bytes("side/pods/yule-driver-g1/7/curves.json", content)

    assert curves_told(store, "yule-driver-g1", "7") == []


def test_ctrl_c_does_not_wait_for_a_store(tmp_path: Path) -> None:
    looked: list[int] = []
    window = CurveWindow(FolderStore(tmp_path), tmp_path / "tensorboard")

    def interrupted() -> None:
        with watching(window, lambda: looked.append(1) or []):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not looked
