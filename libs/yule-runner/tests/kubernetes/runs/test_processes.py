"""A graph on a cluster whose pods are real processes; their kubelet speaks nothing but HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from yule_runner import RunFailed, TaskFailed, TaskFinished, TaskWaiting, load_graph
from yule_runner.testing.kubernetes.kubelet import ProcessKubelet


@pytest.fixture
def kubelet(runs: Any, tmp_path: Path) -> Iterator[ProcessKubelet]:
    node = {"labels": {"yule.dev/test": "hands"}, "name": "processes"}
    with ProcessKubelet(runs.admin, tmp_path / "node", **node) as kubelet:
        yield kubelet


def stored(source: Any) -> dict[str, bytes]:
    """Return the bytes of every result of a graph, by task."""
    graph = load_graph(source)
    return {
        task_id: b"".join(
            path.read_bytes()
            for path in sorted(Path(task.entry.store.url, task.entry.prefix).glob("files-*/*"))
        )
        for task_id, task in graph.tasks.items()
    }


def test_a_graph_gives_the_same_bytes_as_on_this_machine(
    runs: Any, kubelet: ProcessKubelet
) -> None:
    source = runs.bench.totals(3)
    driver = runs.start(source, largest_group=2)

    assert len(driver.wait().computed) == 4
    on_the_cluster = stored(source)
    runs.bench.folder = runs.bench.folder / "here"
    here = runs.bench.totals(3)
    runs.bench.run(here)
    assert stored(here) == on_the_cluster
    assert all(event.record.seconds >= 0 for event in driver.told(TaskFinished))


def test_a_preempted_process_stops_in_time_and_its_replacement_goes_on(
    runs: Any, kubelet: ProcessKubelet
) -> None:
    scripts = [{"name": "quick"}, {"name": "slow", "waits_for": "go"}]
    driver = runs.start(runs.bench.scripted(*scripts), largest_group=1, retries=0)
    runs.bench.pid_of("slow")
    (pod,) = runs.core.list_namespaced_pod("default").items

    kubelet.preempt(pod.metadata.name)
    runs.until(lambda: runs.bench.attempts("slow") == 2)
    (runs.bench.traces / "go").touch()

    driver.wait()
    assert not driver.told(TaskFailed)
    assert [runs.bench.attempts(name) for name in ("quick", "slow")] == [1, 2]


@pytest.mark.simulator
def test_a_process_behind_a_cut_cable_and_its_replacement_give_one_result(
    runs: Any, kubelet: ProcessKubelet, tmp_path: Path
) -> None:
    source = runs.bench.scripted({"name": "slow", "waits_for": "go"})
    patience = replace(runs.settings().patience, terminating_s=0.3)
    driver = runs.start(source, patience=patience, grace_s=1, retries=0)
    runs.bench.pid_of("slow")

    kubelet.lose(kills=False)
    runs.server.cluster.lose_node("processes")
    node = {"labels": {"yule.dev/test": "hands"}, "name": "others"}
    with ProcessKubelet(runs.admin, tmp_path / "other node", **node):
        runs.until(lambda: driver.told(TaskWaiting))
        (runs.bench.traces / "go").touch()
        driver.wait()

    assert not driver.told(TaskFailed)
    assert runs.bench.attempts("slow") == 1
    assert [name[-3:] for name in runs.job_names()] == ["-g1", "-g2"]


def test_a_failure_comes_back_with_traceback_and_log(runs: Any, kubelet: ProcessKubelet) -> None:
    driver = runs.start(runs.bench.scripted({"name": "bad", "fails": 9}), retries=0)

    with pytest.raises(RunFailed, match="ValueError: bad was told to fail") as caught:
        driver.wait()
    (failure,) = caught.value.failures
    assert "in run" in failure.failure.traceback
    assert failure.log is not None
    assert "bad says hello" in failure.log.read_text()
