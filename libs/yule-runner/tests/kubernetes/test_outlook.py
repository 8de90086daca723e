"""Whom the end of a Job is blamed on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gokart_store import Resources, open_store
from yule_runner import GraphSource
from yule_runner.executor import Failed, Finished, Handle, Observation, Submission
from yule_runner.kubernetes.flight import Batch, Flight, Need
from yule_runner.kubernetes.journals import JournalReader
from yule_runner.kubernetes.outlook import Outlook
from yule_runner.order import WorkOrder, write_order

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
    order = WorkOrder(source=GraphSource(factory="yule", arguments={}), task_ids=TASKS)
    submission = Submission(
        name="some.Task",
        resources=Resources(),
        order=order,
        file=write_order(order, tmp_path, name="one"),
        is_stored=lambda task_id: task_id == "done",
    )
    handle = Handle(name="one", task_ids=TASKS)
    return Batch(submission=submission, handle=handle, unended=dict.fromkeys(TASKS), unplaced={})


@pytest.mark.parametrize(
    ("begun", "failed"), [(("done", "slow"), ["slow"]), ((), ["slow", "waiting"])]
)
def test_a_deadline_is_blamed_on_what_had_begun(
    batch: Batch, tmp_path: Path, begun: tuple[str, ...], failed: list[str]
) -> None:
    told: list[Observation] = []
    flight = Flight(
        name="late",
        uid="7",
        task_ids=TASKS,
        size=1,
        is_own=True,
        need=Need(memory_gib=1),
        is_spot=False,
        journals=JournalReader(open_store(tmp_path), "late", "7"),
        mine=dict.fromkeys(TASKS, batch),
        begun=dict.fromkeys(begun, "late-0-x"),
    )
    outlook = Outlook(tell=told.append, spend=lambda *_: None, most_memory=lambda _: 8.0)

    outlook.conclude(flight, {"status": {"conditions": [LATE]}})

    assert [each.task_id for each in told if isinstance(each, Finished)] == ["done"]
    failures = [each for each in told if isinstance(each, Failed)]
    assert [each.task_id for each in failures] == failed
    assert "DeadlineExceeded" in failures[0].failure.cause
    assert list(batch.unplaced) == [each for each in TASKS[1:] if each not in failed]
