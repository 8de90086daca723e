"""What the runner adds to a trivial task, beside running the same tasks in one process.

python -m pytest -s --override-ini=python_files=bench_*.py benchmarks/bench_runner_overhead.py
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from statistics import median

import pytest
from gokart_store import run_task
from yule_runner import GraphSource, LocalExecutor, load_graph, run_graph

_TASKS = 1000
_TURNS = 5
_TARGET_S = 0.002


def test_overhead_per_trivial_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One worker adds at most 2 ms per task to what the tasks take by themselves."""
    info = tmp_path / "bench_factories-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: bench-factories\nVersion: 1.0\n")
    factories = "[yule_runner.factories]\ntrivial = runner_overhead_tasks:build\n"
    (info / "entry_points.txt").write_text(factories)
    here = str(Path(__file__).parent)
    for path in (str(tmp_path), here):
        monkeypatch.syspath_prepend(path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), here]))

    def source(count: int, store: str) -> GraphSource:
        arguments = {"count": count, "store": str(tmp_path / store)}
        return GraphSource(factory="trivial", arguments=arguments)

    orders = tmp_path / "orders"
    alone_s, runner_s, reused_s, driver_cpu_s = [], [], [], []
    with LocalExecutor(workers=1, cpu=1, memory_gib=4, logs=tmp_path / "logs") as executor:
        run_graph(source(1, "warm-up"), executor=executor, orders=orders)
        for turn in range(_TURNS):  # in turns, so that a busy machine slows both alike
            started = time.perf_counter()
            for task in load_graph(source(_TASKS, f"alone-{turn}")).tasks.values():
                run_task(task)
            alone_s.append((time.perf_counter() - started) / _TASKS)

            again = source(_TASKS, f"runner-{turn}")
            started, started_cpu = time.perf_counter(), time.process_time()
            assert len(run_graph(again, executor=executor, orders=orders).computed) == _TASKS
            runner_s.append((time.perf_counter() - started) / _TASKS)
            driver_cpu_s.append((time.process_time() - started_cpu) / _TASKS)
            started = time.perf_counter()
            assert len(run_graph(again, executor=executor, orders=orders).reused) == _TASKS
            reused_s.append((time.perf_counter() - started) / _TASKS)
    overhead_s = median(there - alone for there, alone in zip(runner_s, alone_s, strict=True))
    measured = {
        "alone_ms": median(alone_s) * 1e3,
        "runner_ms": median(runner_s) * 1e3,
        "overhead_ms": overhead_s * 1e3,
        "driver_cpu_ms": median(driver_cpu_s) * 1e3,
        "reused_ms": median(reused_s) * 1e3,
    }
    print(json.dumps({"tasks": _TASKS} | {k: round(v, 3) for k, v in measured.items()}))
    assert overhead_s <= _TARGET_S
