"""Two drivers that want the same results at the same time."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from yule_runner import RunFinished, TaskFinished, TaskReused, TaskWaiting, load_graph

SHARED = {"name": "shared", "waits_for": "go"}


def test_what_another_run_computes_is_waited_for_and_reused(bench: Any) -> None:
    source = bench.scripted(SHARED, {"name": "own", "needs": ["shared"]})
    other = bench.start(bench.scripted(SHARED))
    bench.pid_of("shared")

    def release(event: object) -> None:
        if isinstance(event, TaskWaiting):
            (bench.traces / "go").touch()

    result = bench.run(source, on_event=release)

    assert other.communicate(timeout=60)[1].count("done    ") == 1
    assert other.returncode == 0
    shared, own = load_graph(source).tasks
    assert bench.attempts("shared") == 1
    assert [event.task_id for event in bench.told(TaskWaiting)] == [shared]
    assert [event.task_id for event in bench.told(TaskReused)] == [shared]
    assert [event.record.task_id for event in bench.told(TaskFinished)] == [own]
    assert (result.reused, [record.task_id for record in result.computed]) == ((shared,), [own])
    assert bench.told(RunFinished)[0].reused == 1


def test_a_killed_run_s_work_is_taken_over(bench: Any) -> None:
    other = bench.start(bench.scripted(SHARED))
    worker = bench.pid_of("shared")

    def kill(event: object) -> None:
        if isinstance(event, TaskWaiting):
            other.kill()
            bench.wait_for_end(worker)
            (bench.traces / "go").touch()

    result = bench.run(bench.scripted(SHARED), on_event=kill)
    other.communicate(timeout=60)

    assert (len(result.computed), len(result.reused)) == (1, 0)
    assert bench.attempts("shared") == 2


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's view of locks")
@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_waiting_run_can_be_ended(bench: Any, signum: int, code: int) -> None:
    source = bench.scripted(SHARED)
    holder = bench.start(source)
    bench.pid_of("shared")
    waiting = bench.start(source)
    assert any("wait    " in line for line in waiting.stderr)

    waiting.send_signal(signum)
    waiting.communicate(timeout=120)

    assert waiting.returncode == code
    assert holder.poll() is None
    (bench.traces / "go").touch()
    holder.communicate(timeout=60)
    assert holder.returncode == 0
    assert not list(Path(bench.folder / "store/claims").iterdir())
