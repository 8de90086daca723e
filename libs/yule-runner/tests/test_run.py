from __future__ import annotations

from typing import Any

import pytest
from yule_runner import (
    MemoryExceeded,
    ResourcesError,
    RunFailed,
    RunFinished,
    RunPlanned,
    SourceError,
    TaskFailed,
    TaskFinished,
    TaskStarted,
    UpstreamRepaired,
    load_graph,
)


def result_of(source: Any) -> Any:
    graph = load_graph(source)
    return [graph.tasks[task_id].result() for task_id in graph.targets]


def test_computes_what_is_missing_and_nothing_twice(bench: Any) -> None:
    first = bench.run(bench.totals(30))
    assert result_of(bench.totals(30)) == [435]
    assert len(first.computed) == 31
    assert first.reused == ()
    assert [type(event) for event in bench.events[:1]] == [RunPlanned]
    assert len(bench.told(TaskStarted)) == len(bench.told(TaskFinished)) == 31
    assert bench.told(RunFinished)[0].computed == 31

    second = bench.run(bench.totals(30))
    assert second.computed == ()
    assert len(second.reused) == 31

    grown = bench.run(bench.totals(32))
    assert len(grown.computed) == 3
    assert len(grown.reused) == 30


def test_a_failure_names_task_parameters_cause_attempt_and_log(bench: Any) -> None:
    source = bench.scripted({"name": "bad", "fails": 9}, {"name": "above", "needs": ["bad"]})
    with pytest.raises(RunFailed, match="1 task failed, and 1 more were not run") as caught:
        bench.run(source, retries=1)
    (failure,) = caught.value.failures
    report = str(caught.value)
    assert "yule_runner_demo.Scripted" in report
    assert '"fails":9' in report
    assert "ValueError: bad was told to fail" in report
    assert "in run" in report
    assert "failed on attempt 2" in report
    assert f"log: {failure.log}" in report
    assert "bad says hello" in failure.log.read_text()
    assert [event.will_retry for event in bench.told(TaskFailed)] == [True, False]
    assert bench.attempts("above") == 0


def test_after_a_failure_what_runs_may_end_and_nothing_new_starts(bench: Any) -> None:
    def release(event: object) -> None:
        if isinstance(event, TaskFailed):
            (bench.traces / "the failure").touch()

    source = bench.scripted(
        {"name": "bad", "waits_for": "running.attempt-1", "fails": 1},
        {"name": "running", "waits_for": "the failure"},
        {"name": "queued"},
    )
    with pytest.raises(RunFailed, match="1 task failed, and 1 more were not run"):
        bench.run(source, on_event=release, retries=0)
    assert [event.record.task_id for event in bench.told(TaskFinished)] == [
        load_graph(source).targets[1]
    ]
    assert bench.attempts("queued") == 0


def test_a_listener_that_raises_leaves_the_executor_usable(bench: Any) -> None:
    def break_down(event: object) -> None:
        if isinstance(event, TaskStarted):
            raise ZeroDivisionError

    source = bench.scripted({"name": "first", "waits_for": "go"})
    with pytest.raises(ZeroDivisionError):
        bench.run(source, on_event=break_down)
    (bench.traces / "go").touch()
    assert len(bench.run(source).computed) == 1


def test_a_killed_worker_is_noticed_though_its_child_holds_the_line(bench: Any) -> None:
    bench.run(bench.scripted({"name": "parent", "forks": True, "dies": 1}))
    child = int((bench.traces / "parent.child").read_text())
    bench.wait_for_end(child)


def test_many_failures_are_not_all_printed(bench: Any) -> None:
    scripts = [{"name": f"t{i}", "fails": 1, "meets": ["t0", "t1", "t2", "t3"]} for i in range(4)]
    with bench.executor(workers=4) as executor, pytest.raises(RunFailed) as caught:
        bench.run(bench.scripted(*scripts), executor=executor, retries=0)
    assert len(caught.value.failures) == 4
    assert str(caught.value).count("ValueError: ") == 2 * 3
    assert "Failures left out here: 1." in str(caught.value)


def test_a_failed_attempt_is_tried_again(bench: Any) -> None:
    result = bench.run(bench.scripted({"name": "shy", "fails": 2}), retries=2)
    assert len(result.computed) == 1
    assert bench.attempts("shy") == 3
    assert [event.attempt for event in bench.told(TaskStarted)] == [1, 2, 3]


def test_system_exit_in_a_task_is_a_failure_like_any_other(bench: Any) -> None:
    bench.run(bench.scripted({"name": "leaver", "exits": 1}), retries=1)
    assert bench.told(TaskFailed)[0].failure.failure.cause == "SystemExit: 3"


def test_a_killed_worker_is_replaced_and_its_task_tried_again(bench: Any) -> None:
    scripts = [{"name": f"task-{i}", "dies": 1 if i == 3 else 0} for i in range(8)]
    result = bench.run(bench.scripted(*scripts), retries=1)
    assert len(result.computed) == 8
    (failed,) = bench.told(TaskFailed)
    assert failed.will_retry
    assert "SIGKILL" in failed.failure.failure.cause
    assert "0.5 GiB" in failed.failure.failure.cause
    assert [bench.attempts(f"task-{i}") for i in range(8)] == [1, 1, 1, 2, 1, 1, 1, 1]


def test_a_task_that_kills_every_worker_fails(bench: Any) -> None:
    with pytest.raises(RunFailed, match="failed on attempt 2"):
        bench.run(bench.scripted({"name": "deadly", "dies": 9}), retries=1)


@pytest.mark.parametrize("damage", ["flipped", "truncated", "deleted"])
def test_a_damaged_upstream_is_computed_again(bench: Any, damage: str) -> None:
    source = bench.scripted(
        {"name": "base"}, {"name": "step"}, {"name": "top", "needs": ["base", "step"]}
    )
    base = next(iter(load_graph(source).tasks))
    damages = [damage]

    def spoil(event: object) -> None:
        if isinstance(event, TaskFinished) and event.record.task_id == base and damages:
            (path,) = bench.folder.glob(f"store/cache/**/{base}/files-*/*")
            data = path.read_bytes()
            match damages.pop():
                case "flipped":
                    path.write_bytes(data[:-3] + b"!" + data[-2:])
                case "truncated":
                    path.write_bytes(data[:-2])
                case "deleted":
                    path.unlink()

    bench.run(source, on_event=spoil)
    (repaired,) = bench.told(UpstreamRepaired)
    assert repaired.upstream == (base,)
    assert bench.attempts("base") == 2
    assert bench.attempts("step") == 1
    assert bench.told(TaskFailed) == []
    assert ["top", ["base"], ["step"]] in result_of(source)


def test_memory_beyond_the_declaration_is_reported(bench: Any) -> None:
    bench.run(
        bench.scripted(
            {"name": "greedy", "memory_gib": 0.01, "allocate_mib": 64},
            {"name": "modest", "memory_gib": 2},
        )
    )
    (told,) = bench.told(MemoryExceeded)
    assert told.declared_gib == 0.01
    assert 0.06 < told.peak_gib < 2


def test_what_never_fits_is_refused_before_anything_starts(bench: Any) -> None:
    source = bench.scripted({"name": "small"}, {"name": "huge", "memory_gib": 64})
    with pytest.raises(ResourcesError, match=r"Scripted cannot run here: it declares 64 GiB"):
        bench.run(source)
    assert bench.attempts("small") == 0


def test_an_unknown_factory_is_named_with_a_suggestion(bench: Any) -> None:
    with pytest.raises(SourceError, match=r"`demo-totls`.*Did you mean `demo-totals`\?"):
        bench.run(bench.source("demo-totls", {}))


def test_workers_that_build_another_graph_are_reported(bench: Any) -> None:
    with pytest.raises(RunFailed, match="run different code") as caught:
        bench.run(bench.source("demo-unsteady", {}), retries=5)
    assert caught.value.failures[0].attempt == 1
