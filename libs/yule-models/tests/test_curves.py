from dataclasses import dataclass
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from yule_models.curves import CurveWriter


@dataclass
class Point:
    step: int
    values: dict[str, float]


def read(folder: Path, tag: str) -> list[tuple[int, float]]:
    events = EventAccumulator(str(folder)).Reload()
    return [(event.step, round(event.value, 6)) for event in events.Scalars(tag)]


def test_points_are_read_back_by_tensorboard(tmp_path: Path) -> None:
    with CurveWriter(tmp_path / "fit") as curve:
        curve.write(Point(1, {"inner/logloss": 0.5, "train/logloss": 0.4}))
        curve.write(Point(2, {"inner/logloss": 0.25, "train/logloss": 0.125}))
    assert read(tmp_path / "fit", "inner/logloss") == [(1, 0.5), (2, 0.25)]
    assert read(tmp_path / "fit", "train/logloss") == [(1, 0.4), (2, 0.125)]


def test_a_fresh_fit_removes_the_curve_of_an_earlier_one(tmp_path: Path) -> None:
    (tmp_path / "events.out.tfevents.1.host").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("kept")
    with CurveWriter(tmp_path) as curve:
        curve.write(Point(7, {"loss": 1.0}))
    assert read(tmp_path, "loss") == [(7, 1.0)]
    assert len(list(tmp_path.glob("events.*"))) == 1
    assert (tmp_path / "notes.txt").exists()
