"""What the runner adds to a trivial task, beside running the same tasks in one process.

python -m pytest -s --override-ini=python_files=bench_*.py benchmarks/bench_runner_overhead.py
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from gokart_store import run_task
from yule_runner import GraphSource, LocalExecutor, load_graph, run_graph

_TASKS = 2000
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

    alone = load_graph(source(_TASKS, "alone"))
    started = time.perf_counter()
    for task in alone.tasks.values():
        run_task(task)
    alone_s = (time.perf_counter() - started) / _TASKS

    with LocalExecutor(workers=1, cpu=1, memory_gib=4, logs=tmp_path / "logs") as executor:
        run_graph(source(1, "warm-up"), executor=executor, orders=tmp_path / "orders")
        started = time.perf_counter()
        cold = run_graph(source(_TASKS, "runner"), executor=executor, orders=tmp_path / "orders")
        runner_s = (time.perf_counter() - started) / _TASKS
        started = time.perf_counter()
        run_graph(source(_TASKS, "runner"), executor=executor, orders=tmp_path / "orders")
        reused_s = (time.perf_counter() - started) / _TASKS
    assert len(cold.computed) == _TASKS
    print(
        json.dumps(
            {
                "tasks": _TASKS,
                "alone_ms": round(alone_s * 1e3, 3),
                "runner_ms": round(runner_s * 1e3, 3),
                "overhead_ms": round((runner_s - alone_s) * 1e3, 3),
                "ratio": round(runner_s / alone_s, 3),
                "reused_ms": round(reused_s * 1e3, 3),
            }
        )
    )
    assert runner_s - alone_s <= _TARGET_S
