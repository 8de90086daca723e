"""A graph of another team on a cluster, from the command line: nothing of Yule is there."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from yule_runner import load_graph
from yule_runner.commands import main

IMAGE = "registry.example/shop@sha256:" + "a" * 64


def options(bench: Any, source: Any, **changes: Any) -> list[str]:
    arguments, cluster = bench.folder / "arguments.json", bench.folder / "cluster.json"
    arguments.write_text(json.dumps(dict(source.arguments)))
    fields = {
        "run": "cities-1",
        "namespace": "default",
        "image": IMAGE,
        "store": source.arguments["store"],
        "pools": [{"name": "standard", "cpu": 4, "memory_gib": 8}],
    }
    cluster.write_text(json.dumps(fields | changes))
    return [
        *("run", "--factory", source.factory, "--arguments", str(arguments)),
        *("--cluster", str(cluster), "--folder", str(bench.folder / "run")),
    ]


def test_the_command_runs_a_graph_on_a_cluster(bench: Any) -> None:
    source = bench.totals(2)
    cluster = [sys.executable, "-P", "-m", "yule_runner.testing.kubernetes"]
    command = [sys.executable, "-P", "-m", "yule_runner", *options(bench, source)]

    done = subprocess.run(
        [*cluster, *command], capture_output=True, text=True, timeout=120, check=False
    )

    assert done.returncode == 0, done.stderr
    said = done.stderr.splitlines()
    assert said[0] == "3 tasks: 3 to compute, 0 reused"
    assert "on yule-number-" in done.stderr
    assert said[-1].startswith("done: 3 tasks computed, 0 reused, in ")
    graph = load_graph(source)
    assert [graph.tasks[task_id].result() for task_id in graph.targets] == [1]


def test_a_task_that_fits_nowhere_is_refused_before_anything_is_sent(
    runs: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(runs.kubeconfig))
    wide = runs.bench.scripted({"name": "wide", "cpu": 100})

    assert main(options(runs.bench, wide)) == 2
    said = capsys.readouterr().err
    assert "Scripted cannot run here: it needs 100 cores (standard gives one pod at most 4)" in said
    assert not runs.jobs()


def test_a_failed_task_is_the_exit_code(
    runs: Any, hands: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(runs.kubeconfig))
    pool = {
        "name": "standard",
        "cpu": 4,
        "memory_gib": 8,
        "node_selector": {"yule.dev/test": "hands"},
        "tolerations": [{"key": "yule.dev/test"}],
    }
    source = runs.bench.scripted({"name": "bad", "fails": 9})
    command = options(runs.bench, source, pools=[pool])
    done: list[int] = []
    driver = threading.Thread(target=lambda: done.append(main([*command, "--retries", "0"])))
    driver.start()
    hands.run(hands.take())
    driver.join(60)

    assert done == [65]
    assert "ValueError: bad was told to fail" in capsys.readouterr().err


def test_no_way_to_a_cluster_is_said(
    bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    assert main(options(bench, bench.totals(1))) == 70
    assert "There is no way to a cluster" in capsys.readouterr().err


def test_here_and_there_exclude_each_other(bench: Any, capsys: pytest.CaptureFixture[str]) -> None:
    command = options(bench, bench.totals(1))
    with pytest.raises(SystemExit, match="2"):
        main([*command, "--memory-gib", "1"])
    assert "--memory-gib to run here, or --cluster to run there" in capsys.readouterr().err
