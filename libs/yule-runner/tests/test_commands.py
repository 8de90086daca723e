from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from yule_runner.commands import main


def options(bench: Any, source: Any) -> list[str]:
    path = bench.folder / "arguments.json"
    path.write_text(json.dumps(dict(source.arguments)))
    return ["--factory", source.factory, "--arguments", str(path)]


def test_plan_prints_groups(bench: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", *options(bench, bench.totals(3))]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "4 of 4 tasks to compute, 0 reused",
        "level 0: 3 x yule_runner_demo.Number (cpu 1, memory 1 GiB, gpu 0)",
        "level 1: 1 x yule_runner_demo.Sum (cpu 1, memory 1 GiB, gpu 0)",
    ]


def test_run_says_what_it_does(bench: Any, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = options(bench, bench.totals(1))
    limits = ["--memory-gib", "2", "--workers", "1", "--folder", str(bench.folder)]
    assert main(["run", *arguments, *limits]) == 0
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "2 tasks: 2 to compute, 0 reused"
    assert said[1].startswith("start   yule_runner_demo.Number ")
    assert said[-1].startswith("done: 2 tasks computed, 0 reused, in ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1]", "must be a JSON object, but hold a list"),
        ("{", "are not JSON"),
        (None, "cannot be read: No such file"),
    ],
)
def test_bad_arguments_are_explained(
    bench: Any, capsys: pytest.CaptureFixture[str], text: str | None, message: str
) -> None:
    path = bench.folder / "arguments.json"
    if text is not None:
        path.write_text(text)
    assert main(["plan", "--factory", "demo-totals", "--arguments", str(path)]) == 2
    assert message in capsys.readouterr().err


def test_work_wants_an_order_and_its_digest(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["work", "--order", "order.json"])
    assert "--order or --store together with --sha256" in capsys.readouterr().err


def test_a_process_that_still_loads_its_packages_ends_when_it_is_told_to(tmp_path: Path) -> None:
    # The first process of a container is not killed by what it does not handle.
    begun, slow = tmp_path / "begun", tmp_path / "gokart_store.py"
    slow.write_text(f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\ntime.sleep(60)\n")
    command = [sys.executable, "-P", "-m", "yule_runner", "plan"]
    with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(tmp_path)}) as process:
        deadline = time.monotonic() + 30
        while not begun.exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.terminate()
        assert process.wait(30) == 143
