"""A worker as the pod of an index: its share, and what it leaves in the store."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from gokart_store import open_store
from yule_runner import GraphSource, OrderError, StoredOrder, WorkOrder, load_graph, store_order
from yule_runner.messages import (
    TaskBegan,
    TaskEnded,
    TaskFound,
    TaskMissed,
    TaskWaits,
    decode_reply,
)
from yule_runner.worker.pod import PodIdentity
from yule_runner.worker.share import Share

FIVE = [{"name": name} for name in "abcde"]


def stored(bench: Any, source: GraphSource) -> StoredOrder:
    order = WorkOrder(source=source, task_ids=load_graph(source).targets)
    return store_order(order, open_store(bench.folder / "store"))


def start(
    order: StoredOrder, *, index: int = 0, per_index: int = 1, pod: str = "j-0-abcde"
) -> subprocess.Popen[str]:
    command = [
        *(sys.executable, "-P", "-m", "yule_runner", "work", "--store", order.store),
        *("--sha256", order.sha256, "--per-index", str(per_index)),
    ]
    names = {"YULE_JOB": "j", "YULE_JOB_UID": "1", "YULE_POD": pod}
    names["JOB_COMPLETION_INDEX"] = str(index)
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, env=os.environ | names, stdout=pipe, stderr=subprocess.STDOUT, text=True
    )


def work(order: StoredOrder, **options: Any) -> tuple[int, str]:
    with start(order, **options) as process:
        said, _ = process.communicate(timeout=60)
    return process.returncode, said


def left(bench: Any, pod: str = "j-0-abcde", index: int = 0) -> Path:
    folder: Path = bench.folder / f"store/side/pods/j/1/{index}/{pod}"
    return folder


def told(bench: Any, **pod: Any) -> list[Any]:
    lines = (left(bench, **pod) / "journal.jsonl").read_bytes().splitlines()
    return [decode_reply(line) for line in lines]


def test_an_index_runs_its_share_and_tells_of_each_task(bench: Any) -> None:
    order = stored(bench, bench.scripted(*FIVE))

    code, said = work(order, index=1, per_index=2, pod="j-1-xyz")

    assert code == 0
    assert [bench.attempts(name) for name in "abcde"] == [0, 0, 1, 1, 0]
    replies = told(bench, pod="j-1-xyz", index=1)
    assert [type(reply) for reply in replies] == 2 * [TaskBegan, TaskEnded]
    folder = left(bench, "j-1-xyz", 1)
    log = (folder / "log.txt").read_text()
    assert "c says hello" in log
    assert said == log
    assert datetime.fromisoformat((folder / "heartbeat.txt").read_text().split()[-1])
    assert not (folder / "error.json").exists()


def test_a_failure_is_told_and_kept_and_its_siblings_run(bench: Any) -> None:
    order = stored(bench, bench.scripted({"name": "bad", "fails": 9}, {"name": "good"}))

    code, _ = work(order, per_index=2)

    assert code == 65
    assert bench.attempts("good") == 1
    (missed,) = [reply for reply in told(bench) if isinstance(reply, TaskMissed)]
    assert "bad was told to fail" in missed.failure.cause
    error = json.loads((left(bench) / "error.json").read_text())
    assert (error["task_id"], error["kind"]) == (missed.task_id, "error")
    assert "ValueError" in error["traceback"]


def test_a_replacement_goes_on_after_the_last_result(bench: Any) -> None:
    source = bench.scripted({"name": "first"}, {"name": "deadly", "dies": 1}, {"name": "last"})
    order = stored(bench, source)
    assert work(order, per_index=3)[0] == -signal.SIGKILL

    assert work(order, per_index=3, pod="j-0-next")[0] == 0

    assert [bench.attempts(name) for name in ("first", "deadly", "last")] == [1, 2, 1]
    assert "first says hello" in (left(bench) / "log.txt").read_text()
    ends = [type(each) for each in told(bench, pod="j-0-next") if not isinstance(each, TaskBegan)]
    assert ends == [TaskFound, TaskEnded, TaskEnded]


def test_of_two_pods_of_one_index_at_once_one_computes_and_the_other_waits(bench: Any) -> None:
    source = bench.scripted({"name": "once", "waits_for": "go"})
    order = stored(bench, source)
    with start(order) as first, start(order, pod="j-0-twin") as second:
        bench.until(
            lambda: any(
                isinstance(reply, TaskWaits)
                for pod in ("j-0-abcde", "j-0-twin")
                if (left(bench, pod) / "journal.jsonl").exists()
                for reply in told(bench, pod=pod)
            )
        )
        (bench.traces / "go").touch()
        for process in (first, second):
            process.communicate(timeout=60)

    assert (first.returncode, second.returncode) == (0, 0)
    assert bench.attempts("once") == 1
    ends = {type(told(bench, pod=pod)[-1]) for pod in ("j-0-abcde", "j-0-twin")}
    assert ends == {TaskEnded, TaskFound}
    (task,) = load_graph(source).tasks.values()
    assert task.result() == ["once"]


@pytest.fixture
def hurried(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers end within a second of SIGTERM, where pods have twelve."""
    lines = ["import yule_runner.worker.pod as pod", "pod._RESPITE_S = 0.1", "pod._ENDS_S = 1.0"]
    (bench.folder / "sitecustomize.py").write_text("\n".join(lines) + "\n")
    inherited = os.environ["PYTHONPATH"]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(bench.folder), inherited]))


@pytest.mark.usefixtures("hurried")
def test_sigterm_ends_it_with_143_and_nothing_half_written(bench: Any) -> None:
    order = stored(bench, bench.scripted({"name": "waiting", "waits_for": "never"}))
    with start(order) as process:
        bench.pid_of("waiting")
        process.terminate()
        process.communicate(timeout=60)

    assert process.returncode == 143
    assert [type(reply) for reply in told(bench)] == [TaskBegan]
    assert "was terminated" in (left(bench) / "log.txt").read_text()
    assert not list((bench.folder / "store/tmp").iterdir())


def test_a_task_that_is_nearly_done_outlasts_sigterm_and_no_other_begins(bench: Any) -> None:
    source = bench.scripted({"name": "slow", "waits_for": "soon"}, {"name": "next"})
    order = stored(bench, source)
    with start(order, per_index=2) as process:
        bench.pid_of("slow")
        process.terminate()
        (bench.traces / "soon").touch()
        process.communicate(timeout=60)

    assert process.returncode == 143
    assert [type(reply) for reply in told(bench)] == [TaskBegan, TaskEnded]
    assert bench.attempts("next") == 0
    assert work(order, per_index=2, pod="j-0-next")[0] == 0
    assert (bench.attempts("slow"), bench.attempts("next")) == (1, 1)


def test_a_pod_whose_last_task_outlasts_sigterm_has_succeeded(bench: Any) -> None:
    order = stored(bench, bench.scripted({"name": "slow", "waits_for": "soon"}))
    with start(order) as process:
        bench.pid_of("slow")
        process.terminate()
        (bench.traces / "soon").touch()
        process.communicate(timeout=60)

    assert process.returncode == 0
    assert [type(reply) for reply in told(bench)] == [TaskBegan, TaskEnded]


@pytest.mark.usefixtures("hurried")
def test_a_task_that_ignores_sigterm_is_ended_in_time(bench: Any) -> None:
    script = {"name": "stubborn", "waits_for": "never", "stubborn": True}
    order = stored(bench, bench.scripted(script))
    with start(order) as process:
        bench.pid_of("stubborn")
        process.terminate()
        process.communicate(timeout=60)

    assert process.returncode == 143


def test_an_order_that_was_changed_is_refused_and_the_error_kept(bench: Any) -> None:
    order = stored(bench, bench.scripted(*FIVE))
    path = bench.folder / "store" / order.key
    path.write_bytes(path.read_bytes().replace(b'"attempt":1', b'"attempt":2'))

    assert work(order)[0] == 64

    error = json.loads((left(bench) / "error.json").read_text())
    assert (error["task_id"], error["kind"]) == (None, "order")
    assert "was changed" in error["cause"]
    assert not list(bench.traces.iterdir())


def test_an_index_beyond_the_order_is_refused() -> None:
    assert Share(index=2, size=2).of("abcde") == ("e",)
    with pytest.raises(OrderError, match="5 tasks, 2 for each index, and so none for index 3"):
        Share(index=3, size=2).of("abcde")


def test_a_missing_order_names_the_store(tmp_path: Path) -> None:
    order = StoredOrder(store=str(tmp_path), sha256="0" * 64)
    with pytest.raises(OrderError, match=r"There is no work order .*/orders/0{64}\.json"):
        order.read()


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "YULE_JOB is not set: an order in a store is carried out by a pod"),
        (
            {"YULE_JOB": "j", "YULE_JOB_UID": "1", "YULE_POD": "p", "JOB_COMPLETION_INDEX": "x"},
            "must be a number",
        ),
    ],
)
def test_only_a_pod_carries_out_a_stored_order(environment: dict[str, str], message: str) -> None:
    with pytest.raises(OrderError, match=message):
        PodIdentity.of(environment)
