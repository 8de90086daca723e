from __future__ import annotations

from pathlib import Path

import pytest
from gokart_store import TaskRecord
from yule_runner import (
    Event,
    Failure,
    FailureKind,
    MemoryExceeded,
    RunInterrupting,
    RunPlanned,
    RunWarned,
    TaskFailed,
    TaskFailure,
    TaskFinished,
    TaskReused,
    TaskStarted,
    TaskWaiting,
    UpstreamRepaired,
    describe,
)

RECORD = TaskRecord(
    task_id="ab12", name="m.Fit", seconds=2.5, peak_memory_gib=1.5, declared_memory_gib=1
)
FAILURE = TaskFailure(
    task_id="ab12",
    name="m.Fit",
    parameters={"depth": "3", "rows": "x" * 300},
    failure=Failure(kind=FailureKind.ERROR, cause="ValueError: no", traceback="Traceback\n  …"),
    attempt=2,
    log=Path("/logs/fit.log"),
)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (RunPlanned(total=5, reused=2, groups=()), "5 tasks: 3 to compute, 2 reused"),
        (
            TaskStarted(task_id="ab12", name="m.Fit", attempt=2, worker="worker-1"),
            "start   m.Fit ab12 on worker-1, attempt 2",
        ),
        (
            TaskWaiting(task_id="ab12", name="m.Fit"),
            "wait    m.Fit ab12 for another run to finish it",
        ),
        (
            TaskReused(task_id="ab12", name="m.Fit"),
            "reused  m.Fit ab12, which another run has computed",
        ),
        (TaskFinished(record=RECORD), "done    m.Fit ab12 in 2.5 s"),
        (
            TaskFailed(failure=FAILURE, will_retry=True),
            "failed  m.Fit ab12, trying again: ValueError: no",
        ),
        (
            UpstreamRepaired(failure=FAILURE, upstream=("cd34",)),
            "repair  m.Fit ab12 waits: 1 of its inputs are computed again: ValueError: no",
        ),
        (
            MemoryExceeded(task_id="ab12", name="m.Fit", declared_gib=1, peak_gib=1.5),
            "memory  m.Fit ab12 took 1.50 GiB and declares 1 GiB: raise its declaration",
        ),
        (RunWarned(words="The clock is wrong."), "warning: The clock is wrong."),
        (RunInterrupting(signum=2), "SIGINT: ending the workers; once more kills them"),
    ],
)
def test_each_event_is_one_line(event: Event, line: str) -> None:
    assert describe(event) == line


def test_a_failure_is_reported_in_full_but_for_long_values() -> None:
    assert FAILURE.report().splitlines() == [
        "m.Fit ab12 failed on attempt 2",
        "  depth = 3",
        f"  rows = {'x' * 200}…",
        "  cause: ValueError: no",
        "    Traceback",
        "      …",
        "  log: /logs/fit.log",
    ]
