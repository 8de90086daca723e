import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from yule_cli.summary import RunSummary
from yule_cli.tracking import Tracker, TrackingError, TrackingPlace, track_run


def test_it_tracks_as_track_run_does(
    place: TrackingPlace, summary: RunSummary, resolved: dict[str, Any], tmp_path: Path
) -> None:
    own = replace(summary, run_id=f"{summary.run_id}-process")
    report = tmp_path / "report.html"
    report.write_text("<p>report")

    with Tracker() as tracker:
        tracked = tracker.track(place, own, resolved=resolved, artifacts=[report])

    # By its id the run is there already, and is not written a second time.
    assert track_run(place, own, resolved=resolved) == tracked


def test_an_error_keeps_its_kind_and_its_words(
    summary: RunSummary, resolved: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    place = TrackingPlace(uri=f"sqlite:///{tmp_path}/file/mlflow.db", experiment="shop")

    with (
        Tracker() as tracker,
        pytest.raises(TrackingError, match="could not be written to MLflow at sqlite:"),
    ):
        tracker.track(place, summary, resolved=resolved, artifacts=[])


def test_a_process_that_dies_is_an_error_of_tracking(
    place: TrackingPlace, summary: RunSummary, resolved: dict[str, Any]
) -> None:
    with Tracker() as tracker:
        os.kill(tracker.pid, signal.SIGKILL)

        with pytest.raises(TrackingError, match="with exit code -9"):
            tracker.track(place, summary, resolved=resolved, artifacts=[])


def test_it_ends_when_there_is_nothing_to_track() -> None:
    with Tracker() as tracker:
        pid = tracker.pid

    with pytest.raises(ProcessLookupError, match="No such process"):
        os.kill(pid, 0)
