from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from yule_models import CurvePoint
from yule_models.curves import CurveWriter


def read(folder: Path, tag: str) -> list[tuple[int, float]]:
    events = EventAccumulator(str(folder)).Reload()
    return [(event.step, round(event.value, 6)) for event in events.Scalars(tag)]


def test_points_are_read_back_by_tensorboard(tmp_path: Path) -> None:
    with CurveWriter(tmp_path / "fit") as curve:
        curve.write(CurvePoint(step=1, values={"inner/logloss": 0.5, "train/logloss": 0.4}))
        curve.write(
            CurvePoint(step=2, values={"inner/logloss": 0.25, "train/logloss": 0.125}, seconds=1.5)
        )
    assert read(tmp_path / "fit", "inner/logloss") == [(1, 0.5), (2, 0.25)]
    assert read(tmp_path / "fit", "train/logloss") == [(1, 0.4), (2, 0.125)]
    assert read(tmp_path / "fit", "seconds") == [(2, 1.5)]


def test_a_fresh_fit_removes_the_curve_of_an_earlier_one(tmp_path: Path) -> None:
    (tmp_path / "events.out.tfevents.1.host").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("kept")
    with CurveWriter(tmp_path) as curve:
        curve.write(CurvePoint(step=7, values={"loss": 1.0}))
    assert read(tmp_path, "loss") == [(7, 1.0)]
    assert len(list(tmp_path.glob("events.*"))) == 1
    assert (tmp_path / "notes.txt").exists()
