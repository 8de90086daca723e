"""Kills a run of a case at random moments, and checks that it always finishes with the same bytes.

Each round starts the case in a fresh state folder, kills its whole process group with SIGKILL at a
random moment, starts it again, and compares the predictions with those of an undisturbed run. It
also checks that nothing that had been stored was computed a second time.

    .venv/bin/python tools/kill_anywhere.py examples/online-retail/case.yaml --kills 50
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

YULE = Path(sys.executable).with_name("yule")


def main() -> int:
    """Parse the command line, run the rounds, return the number of those that went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("case", type=Path)
    parser.add_argument("--kills", type=int, default=50, help="number of rounds")
    parser.add_argument("--seed", type=int, default=0, help="seed of the moments")
    options = parser.parse_args()
    moments = random.Random(options.seed)  # noqa: S311  # moments need not be secret
    wrong = 0
    with tempfile.TemporaryDirectory() as scratch:
        case = copy_case(options.case, Path(scratch) / "case")
        started = time.monotonic()
        expected = predictions(run(case))
        duration_s = time.monotonic() - started
        print(f"undisturbed run: {duration_s:.1f} s, {len(expected)} files", flush=True)
        for round_number in range(options.kills):
            shutil.rmtree(case.parent / ".yule")
            delay_s = moments.uniform(0, duration_s)
            stored = kill_after(case, delay_s)
            finished = run(case)
            problems = check(finished, stored, expected)
            wrong += bool(problems)
            print(
                f"{round_number + 1:3}: killed after {delay_s:6.2f} s with {stored:3} results "
                f"stored; then {finished['tasks']['computed']:3} computed, "
                f"{finished['tasks']['reused']:3} reused: {'; '.join(problems) or 'ok'}",
                flush=True,
            )
    print(f"{options.kills - wrong} of {options.kills} kills left nothing but work to do")
    return wrong


def copy_case(case: Path, folder: Path) -> Path:
    """Copy the case's folder without its state; return the case file in the copy."""
    shutil.copytree(case.resolve().parent, folder, ignore=shutil.ignore_patterns(".yule*"))
    return folder / case.name


def run(case: Path) -> dict[str, Any]:
    """Run a case to its end and return what it printed."""
    completed = subprocess.run(
        [YULE, "run", case, "--json"], capture_output=True, text=True, check=False
    )
    if completed.returncode != 0:
        raise SystemExit(f"yule run failed with {completed.returncode}:\n{completed.stderr}")
    printed: dict[str, Any] = json.loads(completed.stdout)
    return printed


def kill_after(case: Path, delay_s: float) -> int:
    """Start a run, kill its process group, and return how many results it has stored."""
    process = subprocess.Popen(
        [YULE, "run", case, "--json"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout=delay_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return len(list((case.parent / ".yule" / "store" / "cache").glob("*/*/*/manifest.json")))


def predictions(finished: dict[str, Any]) -> dict[str, bytes]:
    """Return the published files by name."""
    folder = Path(finished["paths"]["predictions"])
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))}


def check(finished: dict[str, Any], stored: int, expected: dict[str, bytes]) -> list[str]:
    """Return what is wrong with the run after the kill."""
    problems = []
    if predictions(finished) != expected:
        problems.append("other predictions")
    if finished["tasks"]["reused"] < stored:
        problems.append("something stored was computed again")
    return problems


if __name__ == "__main__":
    sys.exit(main())
