from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from yule_runner import OrderFile, WorkOrder, load_graph, write_order
from yule_runner.messages import RunChunk, encode

WAITING = {"name": "waiting", "waits_for": "what never comes"}
STUBBORN = {"name": "stubborn", "waits_for": "what never comes", "stubborn": True}


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_driver_and_workers(bench: Any, signum: int, code: int) -> None:
    driver = bench.start(bench.scripted(WAITING, {"name": "after", "needs": ["waiting"]}))
    pid = bench.pid_of("waiting")
    driver.send_signal(signum)
    _, said = driver.communicate(timeout=120)
    assert driver.returncode == code
    assert f"interrupted by {signal.Signals(signum).name} with 2 tasks to go" in said
    bench.wait_for_end(pid)
    assert not list(bench.folder.glob("store/cache/**/manifest.json"))


def test_a_second_ctrl_c_kills_what_does_not_end(bench: Any) -> None:
    driver = bench.start(bench.scripted(STUBBORN))
    pid = bench.pid_of("stubborn")
    driver.send_signal(signal.SIGINT)
    assert any("once more kills them" in line for line in driver.stderr)
    driver.send_signal(signal.SIGINT)
    driver.communicate(timeout=60)
    assert driver.returncode == 130
    bench.wait_for_end(pid)


def test_workers_do_not_outlive_a_killed_driver(bench: Any) -> None:
    driver = bench.start(bench.scripted(STUBBORN, {**STUBBORN, "name": "another"}))
    pids = [bench.pid_of("stubborn"), bench.pid_of("another")]
    driver.kill()
    driver.communicate(timeout=60)
    for pid in pids:
        bench.wait_for_end(pid)


def test_a_run_killed_and_started_again_computes_only_the_rest(bench: Any) -> None:
    source = bench.scripted({"name": "early"}, {**WAITING, "needs": ["early"]})
    driver = bench.start(source)
    bench.pid_of("waiting")
    driver.kill()
    driver.communicate(timeout=60)
    (bench.traces / WAITING["waits_for"]).touch()
    result = bench.run(source)
    assert len(result.computed) == 1
    assert bench.attempts("early") == 1


def test_a_worker_ends_in_mid_task_when_its_line_closes(bench: Any) -> None:
    source = bench.scripted(STUBBORN)
    (task_id,) = load_graph(source).targets
    order = WorkOrder(source=source, task_ids=(task_id,))
    file = write_order(order, bench.folder / "orders", name="order")
    with subprocess.Popen(
        [sys.executable, "-m", "yule_runner", "work", "--serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as worker:
        assert worker.stdin is not None
        chunk = RunChunk(order=file, task_ids=(task_id,), log=bench.folder / "log")
        worker.stdin.write(encode(chunk))
        worker.stdin.flush()
        assert bench.pid_of("stubborn") == worker.pid
        worker.stdin.close()
        worker.wait(timeout=60)


def test_one_order_in_one_process_goes_on_where_it_stopped(bench: Any) -> None:
    file = order_of(bench, [{"name": "good"}, {"name": "bad", "fails": 1}])
    assert work(file).returncode == 65
    assert work(file).returncode == 0
    assert (bench.attempts("good"), bench.attempts("bad")) == (1, 2)


def test_an_order_with_another_digest_is_refused(bench: Any) -> None:
    file = order_of(bench, [{"name": "good"}])
    file.path.write_bytes(file.path.read_bytes().replace(b"good", b"evil"))
    done = work(file)
    assert done.returncode == 64
    assert "was changed" in done.stderr
    assert not list(Path(bench.traces).iterdir())


def test_sigterm_ends_a_one_order_worker_with_143(bench: Any) -> None:
    file = order_of(bench, [WAITING])
    with subprocess.Popen(command(file), stderr=subprocess.PIPE, text=True) as worker:
        bench.pid_of("waiting")
        worker.terminate()
        _, said = worker.communicate(timeout=60)
    assert worker.returncode == 143
    assert "was terminated" in said


def order_of(bench: Any, scripts: list[dict[str, Any]]) -> OrderFile:
    source = bench.scripted(*scripts)
    order = WorkOrder(source=source, task_ids=load_graph(source).targets)
    return write_order(order, bench.folder / "orders", name="order")


def command(file: OrderFile) -> list[str]:
    work = [sys.executable, "-m", "yule_runner", "work"]
    return [*work, "--order", str(file.path), "--sha256", file.sha256]


def work(file: OrderFile) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(file), capture_output=True, text=True, check=False, timeout=120)
