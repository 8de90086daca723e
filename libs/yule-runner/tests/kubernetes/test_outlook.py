"""Whom the end of a Job is blamed on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flights import batch_of, flight_of
from gokart_store import open_store
from yule_runner.executor import Failed, Finished, Observation
from yule_runner.kubernetes.flight import Batch
from yule_runner.kubernetes.outlook import Outlook

Json = dict[str, Any]

LATE = {
    "type": "Failed",
    "status": "True",
    "reason": "DeadlineExceeded",
    "message": "Job was active longer than specified deadline",
}
TASKS = ("done", "slow", "waiting")


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    """Three tasks, one of which is stored."""
    return batch_of(TASKS, tmp_path, is_stored=lambda task_id: task_id == "done")


@pytest.mark.parametrize(
    ("begun", "failed"), [(("done", "slow"), ["slow"]), ((), ["slow", "waiting"])]
)
def test_a_deadline_is_blamed_on_what_had_begun(
    batch: Batch, tmp_path: Path, begun: tuple[str, ...], failed: list[str]
) -> None:
    told: list[Observation] = []
    in_pod = dict.fromkeys(begun, "late-0-x")
    flight = flight_of("late", batch, open_store(tmp_path), begun=in_pod)
    outlook = Outlook(tell=told.append, spend=lambda *_: None, most_memory=lambda _: 8.0)

    outlook.conclude(flight, {"status": {"conditions": [LATE]}})

    assert [each.task_id for each in told if isinstance(each, Finished)] == ["done"]
    failures = [each for each in told if isinstance(each, Failed)]
    assert [each.task_id for each in failures] == failed
    assert "DeadlineExceeded" in failures[0].failure.cause
    assert list(batch.unplaced) == [each for each in TASKS[1:] if each not in failed]
