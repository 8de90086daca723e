from __future__ import annotations

import os
from typing import Any

import pytest
from yule_runner import ExecutorError, RunFailed, TaskStarted


def test_declared_memory_keeps_tasks_apart(bench: Any) -> None:
    """Each of these fails if another one is inside, and two of them do not fit at once."""
    scripts = [{"name": f"t{i}", "memory_gib": 3, "alone": "lock"} for i in range(6)]
    with bench.executor(workers=3, memory_gib=5) as executor:
        result = bench.run(bench.scripted(*scripts), executor=executor, retries=0)
    assert len(result.computed) == 6


def test_tasks_that_fit_together_run_together(bench: Any) -> None:
    """Each of these ends only when the other is there too."""
    scripts = [
        {"name": "a", "meets": ["b"], "memory_gib": 2},
        {"name": "b", "meets": ["a"], "memory_gib": 3},
    ]
    with bench.executor(memory_gib=5) as executor:
        bench.run(bench.scripted(*scripts), executor=executor)
    assert len({event.worker for event in bench.told(TaskStarted)}) == 2


def test_workers_are_kept_between_runs(bench: Any) -> None:
    with bench.executor(workers=1) as executor:
        for name in ("first", "second"):
            bench.run(bench.scripted({"name": name}), executor=executor)
    assert bench.pid_of("first") == bench.pid_of("second")
    bench.wait_for_end(bench.pid_of("first"))


def test_nothing_to_compute_starts_no_worker(bench: Any) -> None:
    bench.run(bench.totals(2))
    with bench.executor() as executor:
        bench.run(bench.totals(2), executor=executor)
    assert not (bench.folder / "logs").exists()


def test_workers_that_die_while_building_the_graph_do_so_for_a_task(bench: Any) -> None:
    source = bench.source("demo-ends_the_process", {"driver": os.getpid()})
    with pytest.raises(RunFailed, match="failed on attempt 2"):
        bench.run(source)


def test_workers_that_never_start_are_given_up(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", str(bench.folder))  # no interpreter finds its library there
    with (
        bench.executor(workers=1) as executor,
        pytest.raises(ExecutorError, match="3 in a row ended with exit code 1"),
    ):
        bench.run(bench.totals(2), executor=executor)


@pytest.mark.parametrize("limits", [{"workers": 0}, {"cpu": 0}, {"memory_gib": -1}])
def test_an_executor_needs_something_to_run_on(bench: Any, limits: dict[str, float]) -> None:
    with pytest.raises(ExecutorError, match="at least one process, some cpu and some memory"):
        bench.executor(**limits)
